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

extension TimestampTests {
    struct ParsingRow: Sendable {
        let text: String
        let milliseconds: Int64?
    }

    @Test(arguments: [
        ParsingRow(text: "1970-01-01T00:00:00Z", milliseconds: 0),
        ParsingRow(text: "1969-12-31T23:59:59.999Z", milliseconds: -1),
        ParsingRow(text: "2000-02-29T00:00:00.5Z", milliseconds: 951_782_400_500),
        ParsingRow(text: "2024-03-01T01:29:59.0079999+01:30", milliseconds: 1_709_251_199_007),
        ParsingRow(text: "2024-02-29T19:59:59-04:00", milliseconds: 1_709_251_199_000),
        ParsingRow(text: "2016-12-31T23:59:60Z", milliseconds: 1_483_228_800_000),
        ParsingRow(text: "0000-01-01T00:00:00Z", milliseconds: -62_167_219_200_000),
        ParsingRow(text: "2023-02-29T00:00:00Z", milliseconds: nil),
        ParsingRow(text: "2100-02-29T00:00:00Z", milliseconds: nil),
        ParsingRow(text: "2024-00-01T00:00:00Z", milliseconds: nil),
        ParsingRow(text: "2024-01-00T00:00:00Z", milliseconds: nil),
        ParsingRow(text: "2024-13-01T00:00:00Z", milliseconds: nil),
        ParsingRow(text: "2024-01-01T24:00:00Z", milliseconds: nil),
        ParsingRow(text: "2024-01-01T00:00:00", milliseconds: nil),
        ParsingRow(text: "2024-01-01T00:00:00.Z", milliseconds: nil),
        ParsingRow(text: "2024-01-01T00:00:00Zx", milliseconds: nil),
        ParsingRow(text: "2024-01-01T00:00:00+24:00", milliseconds: nil),
        ParsingRow(text: "2024-01-01 00:00:00Z", milliseconds: nil),
        ParsingRow(text: "٢٠٢٤-01-01T00:00:00Z", milliseconds: nil),
        ParsingRow(text: "", milliseconds: nil),
    ])
    func readsRFC3339(_ row: ParsingRow) {
        #expect(Timestamp(rfc3339: row.text)?.milliseconds == row.milliseconds)
    }

    @Test func readsWhatItWrites() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            let moment = Timestamp(milliseconds: .random(in: -62_167_219_200_000...253_402_300_799_999, using: &random))
            #expect(Timestamp(rfc3339: moment.preciseDescription) == moment)
        }
    }
}
