internal import Glibc
internal import SystemPackage

/// Makes a system call, again for as long as a signal interrupts it.
///
/// - Parameter call: The call; -1 says that `errno` says why not.
/// - Returns: What the call returned.
/// - Throws: The kernel's number.
@discardableResult
func systemCall<Number: FixedWidthInteger & SignedInteger>(_ call: () -> Number) throws(Errno) -> Number {
    while true {
        let result = call()
        guard result == -1 else { return result }
        let number = Errno(rawValue: Glibc.errno)
        guard number == .interrupted else { throw number }
    }
}

/// Makes a system call, again for as long as a signal interrupts it.
///
/// - Parameters:
///   - operation: What is tried and on what, for the error.
///   - call: The call; -1 says that `errno` says why not.
/// - Returns: What the call returned.
/// - Throws: The kernel's number, with the operation.
@discardableResult
func systemCall<Number: FixedWidthInteger & SignedInteger>(
    _ operation: @autoclosure () -> String, _ call: () -> Number
) throws(NetlinkError) -> Number {
    do throws(Errno) {
        return try systemCall(call)
    } catch {
        throw NetlinkError(errno: error, operation: operation())
    }
}
