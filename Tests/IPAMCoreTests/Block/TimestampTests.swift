import IPAMCore
import Testing

@Suite struct TimestampTests {
    struct Row: Sendable {
        let seconds: Int64
        let text: String
    }

    @Test(arguments: [
        Row(seconds: 0, text: "1970-01-01T00:00:00Z"),
        Row(seconds: -1, text: "1969-12-31T23:59:59Z"),
        Row(seconds: 951_782_400, text: "2000-02-29T00:00:00Z"),
        Row(seconds: 1_709_251_199, text: "2024-02-29T23:59:59Z"),
        Row(seconds: 4_107_542_400, text: "2100-03-01T00:00:00Z"),
        Row(seconds: 253_402_300_799, text: "9999-12-31T23:59:59Z"),
    ])
    func writesRFC3339(_ row: Row) {
        #expect(Timestamp(seconds: row.seconds).description == row.text)
    }

    @Test func saturatesInsteadOfTrapping() {
        #expect(Timestamp(seconds: .max).milliseconds == .max)
        #expect(Timestamp(milliseconds: .max).adding(.seconds(1)).milliseconds == .max)
        #expect(Timestamp(milliseconds: .min).adding(.seconds(-1)).milliseconds == .min)
        #expect(Timestamp(milliseconds: 0).adding(.milliseconds(-1_500)).milliseconds == -1_500)
        #expect(!Timestamp(milliseconds: .min).description.isEmpty)
        #expect(!Timestamp(milliseconds: .max).description.isEmpty)
    }
}
