import NetlinkKit
import SystemPackage
import Testing

@Suite
struct NetlinkErrorTests {
    struct Row {
        let number: CInt
        let code: NetlinkError.Code
    }

    // errno-base.h and errno.h of Linux.
    @Test(arguments: [
        Row(number: 1, code: .notPermitted), Row(number: 2, code: .notFound), Row(number: 3, code: .notFound),
        Row(number: 6, code: .notFound), Row(number: 13, code: .notPermitted), Row(number: 16, code: .busy),
        Row(number: 17, code: .exists), Row(number: 19, code: .notFound), Row(number: 22, code: .invalid),
        Row(number: 28, code: .system), Row(number: 34, code: .invalid), Row(number: 93, code: .notSupported),
        Row(number: 95, code: .notSupported), Row(number: 97, code: .notSupported), Row(number: 99, code: .notFound),
        Row(number: 101, code: .unreachable), Row(number: 110, code: .timedOut), Row(number: 113, code: .unreachable),
    ])
    func sortsTheKernelsNumbers(row: Row) {
        #expect(NetlinkError.Code(Errno(rawValue: row.number)) == row.code)
    }

    @Test
    func saysWhatWasTriedAndWhatTheKernelSaid() {
        let error = NetlinkError(errno: .invalidArgument, operation: "add link bond0", detail: "unknown mode")
        #expect(error.description == "add link bond0: Invalid argument: unknown mode")
        #expect(NetlinkError(.timedOut, operation: "links").description == "links: timed out")
    }
}
