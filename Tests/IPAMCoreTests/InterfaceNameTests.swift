import IPAMCore
import Testing

@Test func interfaceNamesAreWhatTheKernelAccepts() {
    for good in ["eth0", "net1", "a.b", "...", "fifteen-bytes-1", "é"] { #expect(InterfaceName(good) != nil) }
    for bad in ["", ".", "..", "a/b", "a:b", "a b", "a\tb", "a\u{a0}b", "a\0"] { #expect(InterfaceName(bad) == nil) }
}
