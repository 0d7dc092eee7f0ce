import IPAMCore
import NetlinkKit
import Testing

/// A socket in the namespace of the thread, with what tests of links need on it.
struct LinkLaboratory: ~Copyable {
    var socket: RouteSocket

    init() throws { socket = try RouteSocket() }

    static func name(_ text: String) throws -> InterfaceName { try #require(InterfaceName(text)) }

    /// Makes a link and reads it.
    @discardableResult
    mutating func add(
        _ text: String, _ variant: LinkSpecification.Variant, _ settings: LinkSettings = LinkSettings()
    ) throws -> Link {
        let name = try Self.name(text)
        try socket.add(LinkSpecification(name, variant, settings: settings))
        return try socket.link(named: name)
    }

    mutating func link(_ text: String) throws -> Link { try socket.link(named: try Self.name(text)) }

    /// The options of a bond.
    mutating func bond(_ index: LinkIndex) throws -> BondOptions {
        guard case .bond(let options) = try socket.link(at: index).details else { throw Unexpected() }
        return options
    }

    /// The error of something that must not succeed.
    mutating func refusal(_ body: (inout RouteSocket) throws(NetlinkError) -> Void) throws -> NetlinkError {
        do throws(NetlinkError) {
            try body(&socket)
        } catch {
            return error
        }
        throw Unexpected()
    }

    struct Unexpected: Error {}
}
