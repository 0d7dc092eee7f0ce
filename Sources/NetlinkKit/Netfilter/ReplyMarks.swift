public import IPAMCore

/// Rules that mark the answers on connections which came in by one link, so that routing sends them out by it again.
///
/// ```text
/// table ip spiderpool {
///     chain prerouting { type filter hook prerouting priority mangle; policy accept;
///         iifname "veth0" ct state new ct mark set ct mark | 0x10000000
///     }
///     chain output { type route hook output priority mangle; policy accept;
///         ct mark & 0x10000000 == 0x10000000 meta mark 0 meta mark set 0x1
///     }
/// }
/// ```
///
/// The first rule keeps in one bit of the connection's mark, the only one that it touches, by which link the connection came in. The
/// second one gives the mark to packets of such connections that have none, and never changes one that a socket or
/// another rule gave. With `ip rule add fwmark 1 lookup 100` they take the routes of table 100.
///
/// Each family has a table of its own, since an interface with the second family may come later.
public struct ReplyMarks: Sendable, Hashable {
    /// What was found in the kernel.
    public enum State: Sendable, Hashable {
        /// There is no table of this name.
        case absent
        /// The table has these rules and no others.
        case present
        /// The table is not as it should be; the text says in which way.
        case different(String)
    }

    /// The name of the table, of which nothing belongs to anybody else.
    public static let tableName = "spiderpool"

    /// The link by which connections come in.
    public var link: InterfaceName
    /// The bit of a connection's mark that remembers it.
    public var connectionBit: UInt32
    /// The mark of the packets that answer.
    public var mark: UInt32

    /// Makes a description of the rules.
    ///
    /// - Parameters:
    ///   - link: The link by which connections come in.
    ///   - connectionBit: The bit of a connection's mark that remembers it.
    ///   - mark: The mark of the packets that answer.
    public init(link: InterfaceName, connectionBit: UInt32 = 0x1000_0000, mark: UInt32 = 1) {
        self.link = link
        self.connectionBit = connectionBit
        self.mark = mark
    }

    /// The table of a family.
    public static func table(_ family: AddressFamily) -> NetfilterTable {
        NetfilterTable(NetfilterFamily(family), tableName)
    }

    /// What makes the table of a family hold the rules and nothing else; one transaction.
    ///
    /// - Parameters:
    ///   - family: The family.
    ///   - found: What the table holds, as ``NetfilterSocket/state(of:_:)`` says.
    /// - Returns: The changes, of which there are none when the rules are there.
    public func installation(_ family: AddressFamily, over found: State) -> [NetfilterChange] {
        let table = Self.table(family)
        let addition =
            [NetfilterChange.addTable(table)] + chains.map { .addChain($0, table) } + rules.map { .addRule($0, table) }
        return switch found {
        case .present: []
        case .absent: addition
        case .different: Self.removal(family) + addition
        }
    }

    /// What removes the table of a family, whether it is there or not.
    ///
    /// The kernel keeps what was removed until no packet can be on its way through it any more, and who closes a
    /// ``NetfilterSocket`` before that waits for some 10 ms.
    public static func removal(_ family: AddressFamily) -> [NetfilterChange] {
        [.addTable(table(family)), .removeTable(table(family))]
    }

    /// The chains, in the order in which they are added.
    var chains: [NetfilterChain] {
        let priority = NetfilterChain.Base.manglePriority
        return [
            NetfilterChain("prerouting", NetfilterChain.Base(.filter, .prerouting, priority: priority)),
            NetfilterChain("output", NetfilterChain.Base(.route, .output, priority: priority)),
        ]
    }

    /// The rules, in the order in which they are added.
    var rules: [NetfilterRule] {
        [
            NetfilterRule(
                chain: "prerouting",
                [
                    .load(.inputLinkName), .compare(.equal, .name(link)),
                    .load(.connectionState), .bitwise(mask: NetfilterExpression.newConnection, xor: 0),
                    .compare(.unequal, .number(0)),
                    .load(.connectionMark), .bitwise(mask: ~connectionBit, xor: connectionBit), .set(.connectionMark),
                ], comment: "spiderpool: remember that the connection came in here"),
            NetfilterRule(
                chain: "output",
                [
                    .load(.connectionMark), .bitwise(mask: connectionBit, xor: 0),
                    .compare(.equal, .number(connectionBit)),
                    .load(.mark), .compare(.equal, .number(0)),
                    .immediate(mark), .set(.mark),
                ], comment: "spiderpool: let its answers leave by the way it came"),
        ]
    }
}
