import Glibc
import NetlinkKit
import SystemPackage

/// Names and files that no other test, nor another run of the tests, has.
enum Scratch {
    /// A name for a namespace or a file.
    static func name() -> String {
        "nk-\(getpid())-\(String(UInt32.random(in: 0...UInt32.max), radix: 16))"
    }

    /// A folder that is removed afterwards.
    static func withFolder<Value>(_ body: (FilePath) throws -> Value) throws -> Value {
        let folder = FilePath("/tmp").appending(name())
        _ = try Shell.output("mkdir '\(folder)'")
        defer { _ = try? Shell.output("rm -rf '\(folder)'") }
        return try body(folder)
    }

    /// The namespace of the calling thread as the kernel writes it, without anything of ours.
    static func currentNamespace() -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { text in
            guard let start = text.baseAddress else { return "" }
            let count = readlink("/proc/thread-self/ns/net", start, text.count)
            return String(decoding: text.prefix(max(count, 0)).lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }

    /// How many entries a folder of `/proc/self` has.
    static func entries(in folder: String) -> Int {
        guard let stream = opendir("/proc/self/\(folder)") else { return -1 }
        defer { closedir(stream) }
        var count = -3  // ".", "..", and for "fd" the one that reads; the same everywhere
        while readdir(stream) != nil { count += 1 }
        return count
    }

    /// How much memory of the process is resident, in octets.
    static func residentBytes() throws -> Int {
        let text = try Shell.output("awk '/^VmRSS/ { print $2 }' /proc/\(getpid())/status")
        return (Int(text) ?? -1) * 1024
    }

    /// Takes `CAP_SYS_ADMIN` from the calling thread, and from threads that it starts.
    static func dropSystemAdministration() { drop(capability: 21) }

    /// Takes `CAP_NET_ADMIN` from the calling thread, and from threads that it starts.
    static func dropNetworkAdministration() { drop(capability: 12) }

    /// Takes a capability (capabilities(7)) from the calling thread.
    private static func drop(capability: Int) {
        struct Header {
            var version: UInt32 = 0x2008_0522  // _LINUX_CAPABILITY_VERSION_3
            var process: CInt = 0
        }
        var header = Header()
        var sets = [UInt32](repeating: 0, count: 6)
        typealias Call = @convention(c) (UnsafeMutableRawPointer, UnsafeMutableRawPointer) -> CInt
        guard let get = dlsym(nil, "capget"), let set = dlsym(nil, "capset") else { return }
        _ = unsafeBitCast(get, to: Call.self)(&header, &sets)
        // Effective, permitted, inheritable of capabilities 0 to 31, then of the others.
        for index in 0..<3 { sets[index] &= ~(1 << capability) }
        _ = unsafeBitCast(set, to: Call.self)(&header, &sets)
    }
}
