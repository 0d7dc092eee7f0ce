internal import IPAMCore
internal import JSONTree

/// An entry of a folder in which `host-local` keeps the addresses of one network.
public struct HostLocalEntry: Sendable, Hashable {
    /// What the entry is.
    public enum Content: Sendable, Hashable {
        /// A file with this text.
        case text(String)
        /// A folder.
        case folder
        /// Something that cannot be read, and why.
        case unreadable(String)
    }

    /// The network, which is the name of the folder.
    public let network: String
    /// The path of the entry, for messages.
    public let path: String
    /// The name of the entry within the folder.
    public let name: String
    /// What it is.
    public let content: Content

    /// Makes an entry.
    public init(network: String, path: String, name: String, content: Content) {
        self.network = network
        self.path = path
        self.name = name
        self.content = content
    }

    /// Whether an entry of this name is for the plugin itself: its lock, and where it goes on searching.
    public static func isBookkeeping(_ name: String) -> Bool {
        name == "lock" || name == "last_reserved_ip" || name.hasPrefix("last_reserved_ip.")
    }
}

extension ImportReading {
    /// Reads what `host-local` has recorded.
    ///
    /// A file is named by its address and holds the container ID and, on a second line, the interface; older versions
    /// wrote the container ID alone.
    public init(hostLocal entries: [HostLocalEntry]) {
        for (index, entry) in entries.enumerated() where !HostLocalEntry.isBookkeeping(entry.name) {
            do throws(FieldError) {
                claims.append(try Self.claim(in: entry))
            } catch {
                note([error], of: index)
            }
        }
    }

    private static func claim(in entry: HostLocalEntry) throws(FieldError) -> ImportedClaim {
        let text: String
        switch entry.content {
        case .text(let content): text = content
        case .folder:
            throw FieldError(.invalid, at: .root, "a folder; give the folder of each network by itself")
        case .unreadable(let reason): throw FieldError(.invalid, at: .root, "\(reason); make it readable")
        }
        let address: IPAddress
        do throws(AddressParseError) {
            address = try IPAddress(parsing: entry.name)
        } catch {
            throw FieldError(
                .invalid, at: .root, value: entry.name,
                "a file here is named by its address, and this is none: \(error); move it elsewhere")
        }
        let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }.map { line in
            String(line.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
        }
        let words = lines.filter { !$0.isEmpty }
        guard let container = words.first else {
            throw FieldError(
                .required, at: .root,
                "the file is empty, so nobody knows who uses \(address); remove it if no container does")
        }
        guard words.count <= 2 else {
            throw FieldError(
                .invalid, at: .root, value: text, "expected the container ID and the interface on a line each")
        }
        guard ImportRule.isContainerID(container) else {
            throw FieldError(.invalid, at: .root, value: container, ImportRule.containerID)
        }
        let interface = words.count == 2 ? words[1] : nil
        if let interface, !ImportRule.isInterface(interface) {
            throw FieldError(.invalid, at: .root, value: interface, ImportRule.interface)
        }
        return ImportedClaim(
            address: address, owner: Claim.Owner(uid: container), containerID: container, interface: interface,
            network: entry.network, file: entry.path)
    }
}
