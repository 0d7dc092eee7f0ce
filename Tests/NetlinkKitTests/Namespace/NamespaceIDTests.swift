import IPAMCore
import NetlinkKit
import Testing

/// Numbers of namespaces in others, each test between namespaces of its own; needs root.
@Suite
struct NamespaceIDTests {
    @Test
    func tellsWhereTheOtherEndOfAVethPairIs() throws {
        let pod = try NetworkNamespace.create()
        let other = try NetworkNamespace.create()
        try inOwnNamespace {
            var lab = try LinkLaboratory()
            let inPod = pod.withDescriptor { NamespaceReference.descriptor($0) }
            let elsewhere = other.withDescriptor { NamespaceReference.descriptor($0) }
            #expect(try lab.socket.namespaceID(of: inPod) == nil)
            let link = try lab.add(
                "v0", .veth(.init(try LinkLaboratory.name("v1"), settings: LinkSettings(namespace: inPod))))
            let number = try #require(link.parentNamespace)
            #expect(try lab.socket.namespaceID(of: inPod) == number)
            #expect(try lab.socket.namespaceID(of: elsewhere) == nil)
            try lab.socket.setNamespaceID(of: elsewhere, to: 4711)
            #expect(try lab.socket.namespaceID(of: elsewhere) == 4711)
            let again = try lab.refusal { socket throws(NetlinkError) in
                try socket.setNamespaceID(of: elsewhere)
            }
            #expect(again.code == .exists)
            let gone = try lab.refusal { socket throws(NetlinkError) in
                _ = try socket.namespaceID(of: .process(Int32.max))
            }
            #expect(gone.operation == "number of a namespace")
        }
    }
}
