import IPAMCore
import JSONTree
import Testing

@testable import KubeClient

@Suite struct ListScannerTests {
    private func scan(_ text: String) throws -> (rest: JSONValue, items: [JSONValue]) {
        var items: [JSONValue] = []
        let rest = try ListScanner.scan(Array(text.utf8)) { items.append($0) }
        return (rest, items)
    }

    @Test(arguments: [
        #"{"kind":"PodList","metadata":{"resourceVersion":"7"},"items":[{"a":1},{"b":"]}\""}]}"#,
        #"{"items":[],"metadata":{"resourceVersion":"7"}}"#,
        #"{ "metadata" : {"resourceVersion":"7","x":["items",{"items":[1]}]} , "items" : [ 1 , [2,[3]] , "x" , null , {"items":[5]} ] , "z" : 1 }"#,
    ])
    func sameAsTheWholeTree(_ text: String) throws {
        let tree = try JSONValue(parsing: text)
        let (rest, items) = try scan(text)
        #expect(items == tree["items"]?.arrayValue)
        #expect(rest["metadata"] == tree["metadata"])
        #expect(rest["z"] == tree["z"])
    }

    @Test func aListWithoutItems() throws {
        let (rest, items) = try scan(#"{"metadata":{"resourceVersion":"7"},"items":null}"#)
        #expect(items.isEmpty)
        #expect(rest["metadata"]?["resourceVersion"]?.stringValue == "7")
    }

    /// Cut or changed anywhere, a list is either refused or has the items that the whole tree has.
    @Test func damaged() throws {
        let text = Array(#"{"metadata":{"resourceVersion":"7"},"items":[{"a":"x\"]"},[1,2],{"b":{}}],"z":[{}]}"#.utf8)
        var random = SplitMix64(seed: 4711)
        let alphabet = Array(#"{}[],:"\ a1"#.utf8)
        for round in 0..<20_000 {
            var bytes = text
            if round < text.count { bytes.removeLast(round) }
            for _ in 0..<(round % 3) {
                guard !bytes.isEmpty else { break }
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = alphabet.randomElement(using: &random) ?? 0
            }
            var items: [JSONValue] = []
            let tree = try? JSONValue(parsing: bytes.span)
            guard let rest = try? ListScanner.scan(bytes, { items.append($0) }) else {
                #expect(tree == nil, "refused: \(String(decoding: bytes, as: UTF8.self))")
                continue
            }
            #expect(tree != nil, "taken: \(String(decoding: bytes, as: UTF8.self))")
            #expect(items == tree?["items"]?.arrayValue ?? [], "\(String(decoding: bytes, as: UTF8.self))")
            #expect(rest["metadata"] == tree?["metadata"])
        }
    }
}
