import NetlinkKit
import Testing

@Suite
struct LinkIndexTests {
    @Test(arguments: [Int32.min, -1, 0])
    func refusesWhatNoKernelGives(number: Int32) {
        #expect(LinkIndex(rawValue: number) == nil)
    }

    @Test
    func ordersByNumber() throws {
        let loopback = try #require(LinkIndex(rawValue: 1))
        let later = try #require(LinkIndex(rawValue: 12))
        #expect(loopback < later)
        #expect(later.description == "12")
    }
}
