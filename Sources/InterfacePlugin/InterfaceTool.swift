internal import CNITypes
internal import Coordinator
internal import Glibc
internal import IPAMCore
internal import NetlinkKit

/// What the program does for an administrator who starts it by hand.
public enum InterfaceTool {
    private static let usage = """
        ifacer is a CNI plugin; runtimes start it without arguments. By hand:
          ifacer devices          the bonds and VLAN interfaces that it made, and what uses them
          ifacer remove-unused    removes those that nothing uses, in this or any other network namespace

        """

    /// Does what the arguments say.
    ///
    /// - Parameters:
    ///   - arguments: The arguments without the name of the program.
    ///   - lockPath: The file that all processes of the plugin lock while they change something.
    /// - Returns: The exit code; `nil` without arguments, as runtimes start plugins.
    public static func run(
        _ arguments: [String], lockPath: String = InterfacePlugin.defaultLockPath
    ) -> Int32? {
        guard let command = arguments.first else { return nil }
        do throws(CNIError) {
            switch (command, arguments.count) {
            case ("devices", 1): write(try devices(), to: STDOUT_FILENO)
            case ("remove-unused", 1):
                let removed = try DeviceLock.hold(lockPath, until: MonotonicInstant.now + .seconds(60), removeUnused)
                write(
                    removed.isEmpty ? "nothing to remove\n" : removed.map { "removed \($0)\n" }.joined(),
                    to: STDOUT_FILENO)
            case ("--help", 1): write(usage, to: STDOUT_FILENO)
            default:
                write(usage, to: STDERR_FILENO)
                return 2
            }
            return 0
        } catch {
            write("ifacer: \(error)\n", to: STDERR_FILENO)
            return 1
        }
    }

    private static func devices() throws(CNIError) -> String {
        do throws(DeviceError) {
            var node = try DeviceNode()
            let devices = try node.surveyWithUsers().madeDevices
            guard !devices.isEmpty else { return "no devices\n" }
            return devices.map { "\($0.link.name): \($0.uses.isEmpty ? "unused" : $0.uses.joined(separator: "; "))\n" }
                .joined()
        } catch {
            throw CNIError(error)
        }
    }

    private static func removeUnused() throws(CNIError) -> [String] {
        do throws(DeviceError) {
            var node = try DeviceNode()
            return try node.removeUnused()
        } catch {
            throw CNIError(error)
        }
    }

    private static func write(_ text: String, to descriptor: Int32) {
        _ = text.utf8.withContiguousStorageIfAvailable { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    }
}
