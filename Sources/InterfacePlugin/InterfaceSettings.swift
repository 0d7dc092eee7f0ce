internal import CNITypes
internal import Coordinator
internal import JSONTree
internal import PluginLog

/// What a network's configuration says to the plugin.
struct InterfaceSettings {
    /// The devices.
    let devices: DeviceConfiguration
    /// The log.
    let log: LogSettings

    /// Where the plugin logs unless its configuration says otherwise.
    static let logPath = "/var/log/spidernet/ifacer.log"

    /// - Throws: `CNIError` with code 7, or 2 for an option that nobody knows; it names the key and what would serve.
    init(_ configuration: CNIConfiguration) throws(CNIError) {
        let reader = configuration.plugin
        do throws(JSONFieldError) {
            log = try LogSettings(options: try reader.object(at: "logOptions"), path: Self.logPath)
        } catch {
            throw CNIError(error)
        }
        devices = try Self.devices(reader)
    }

    private static func devices(_ reader: JSONFieldReader) throws(CNIError) -> DeviceConfiguration {
        let interfaces: [String]
        let vlanID: Int64
        let bond: DeviceBond.Text?
        let mtu: Int64
        let allowsDuplicates: Bool
        do throws(JSONFieldError) {
            interfaces = try reader.strings(at: "interfaces") ?? []
            vlanID = try reader.integer(at: "vlanID") ?? 0
            bond = try reader.object(at: "bond").map { reader throws(JSONFieldError) in try DeviceBond.Text(reader) }
            mtu = try reader.integer(at: "mtu") ?? 0
            allowsDuplicates = try reader.bool(at: "allowDuplicateVLANID") ?? false
        } catch {
            throw CNIError(error)
        }
        do throws(DeviceError) {
            return try DeviceConfiguration(
                interfaces: interfaces, vlanID: vlanID, bond: bond, mtu: mtu, allowsDuplicateVLANID: allowsDuplicates)
        } catch {
            throw CNIError(error)
        }
    }
}

extension DeviceBond.Text {
    fileprivate init(_ reader: JSONFieldReader) throws(JSONFieldError) {
        self.init()
        name = try reader.string(at: "name") ?? ""
        mode = try Self.mode(reader)
        options = try reader.string(at: "options") ?? ""
        existing = try reader.string(at: "existing") ?? ""
        force = try reader.bool(at: "force") ?? false
    }

    private static func mode(_ reader: JSONFieldReader) throws(JSONFieldError) -> String {
        guard let value = reader.value(at: "mode") else { return "" }
        guard let text = value.stringValue ?? value.int64Value.map({ "\($0)" }) else {
            throw reader.error(at: "mode", expected: "a mode's number or name, as 1 or \"active-backup\"")
        }
        return text
    }
}
