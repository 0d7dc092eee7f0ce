import Testing

@testable import KubeClient

@Suite struct Base64Tests {
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func rfc4648(_ plain: String, _ encoded: String) {
        #expect(Base64.encode(Array(plain.utf8)) == encoded)
        #expect(Base64.decode(encoded) == Array(plain.utf8))
    }

    @Test func lineBreaksAreLeftOut() { #expect(Base64.decode("Zm9v\nYmFy\r\n ") == Array("foobar".utf8)) }

    @Test(arguments: ["Z", "Zg", "Zg=", "Zg===", "=", "Zg==Zg==", "Z-==", "Zm9vY"])
    func wrong(_ text: String) { #expect(Base64.decode(text) == nil) }

    @Test func everyLengthComesBack() {
        for count in 0..<200 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ count) }
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        }
    }
}
