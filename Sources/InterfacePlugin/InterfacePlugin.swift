public import CNITypes
internal import Coordinator
internal import Glibc
internal import IPAMCore
internal import JSONTree
internal import PluginLog

/// The plugin that makes bonds and VLAN interfaces on the node when the first Pod needs them.
///
/// It is the first of a chain and never touches the Pod's namespace. The devices are shared: `DEL` leaves them.
public struct InterfacePlugin: CNIPlugin {
    let lockPath: String
    let lockPatience: Duration

    /// The file that all processes of the plugin lock on a node.
    public static let defaultLockPath = "/var/run/spidernet/ifacer.lock"

    /// Makes the plugin.
    ///
    /// - Parameters:
    ///   - lockPath: The file that all processes of the plugin lock while they change something.
    ///   - lockPatience: How long another process may have the lock.
    public init(lockPath: String = Self.defaultLockPath, lockPatience: Duration = .seconds(60)) {
        self.lockPath = lockPath
        self.lockPatience = lockPatience
    }

    /// Name and version.
    public var about: String { "Spiderpool ifacer \(ProgramVersion.text)" }

    /// Makes the devices what they should be, and passes the result of the plugins before on.
    public func add(_ request: CNIAddRequest) throws(CNIError) -> CNIResult {
        let settings = try InterfaceSettings(request.call.configuration)
        let log = PluginLog(settings.log, subject: request.logSubject)
        do throws(CNIError) {
            let outcome = try ensure(settings.devices, until: request.call.deadline)
            if !outcome.operations.isEmpty {
                let words = outcome.operations.map { JSONValue.string("\($0)") }
                log.write(
                    .info, "devices prepared", ("device", .string("\(settings.devices.device)")),
                    ("done", .array(words)))
            }
            for warning in settings.devices.warnings + outcome.warnings {
                Self.warn(warning)
                log.write(.warn, warning)
            }
            return request.call.configuration.previousResult ?? CNIResult()
        } catch {
            log.write(.error, error.message, ("details", .string(error.details)))
            throw error
        }
    }

    /// Leaves everything, since other Pods use the same devices.
    public func delete(_ request: CNIDeleteRequest) throws(CNIError) {}

    /// Verifies that the devices are as they should be.
    public func check(_ request: CNICheckRequest) throws(CNIError) {
        let settings = try InterfaceSettings(request.call.configuration)
        do throws(DeviceError) {
            var node = try DeviceNode()
            try node.check(settings.devices)
        } catch {
            throw CNIError(error)
        }
    }

    /// Leaves everything: what nobody uses any more is removed when an administrator says so.
    public func collectGarbage(_ request: CNIGarbageRequest) throws(CNIError) {}

    /// Succeeds when the interfaces are there and the kernel knows the kinds of device.
    public func status(_ request: CNIStatusRequest) throws(CNIError) {
        let settings = try InterfaceSettings(request.call.configuration)
        do throws(DeviceError) {
            var node = try DeviceNode()
            try node.expectServing(settings.devices)
        } catch {
            throw CNIError(.notAvailable, error.message, details: error.details)
        }
    }

    private func ensure(
        _ devices: DeviceConfiguration, until deadline: MonotonicInstant
    ) throws(CNIError) -> DeviceNode.Outcome {
        do throws(DeviceError) {
            var node = try DeviceNode()
            if try node.isComplete(devices) { return DeviceNode.Outcome() }
        } catch {
            throw CNIError(error)
        }
        let deadline = min(MonotonicInstant.now + lockPatience, deadline)
        return try DeviceLock.hold(lockPath, until: deadline) { () throws(CNIError) in
            do throws(DeviceError) {
                var node = try DeviceNode()
                return try node.ensure(devices)
            } catch {
                throw CNIError(error)
            }
        }
    }

    /// Runtimes keep what is on standard error.
    private static func warn(_ text: String) {
        let line = "ifacer: \(text)\n"
        _ = line.utf8.withContiguousStorageIfAvailable { Glibc.write(2, $0.baseAddress, $0.count) }
    }
}
