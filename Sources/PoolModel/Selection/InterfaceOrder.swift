/// The order in which a Pod's interfaces are made, for lists whose items name none.
struct InterfaceOrder {
    /// The interfaces that are known, in order.
    let listed: [String]

    init(_ listed: [String]) { self.listed = listed }

    /// The interfaces that the items of a list are about.
    ///
    /// Interfaces that others serve take no item: what stands before the first one of ours, or between two of them, is
    /// left out. What comes after the last one is expected to be ours.
    ///
    /// - Parameter served: The interfaces that are known to be ours.
    /// - Returns: The interface of each item, as far as it is known.
    func interfaces(served: [String]) -> [String] {
        var seen: Set<String> = []
        let ours = served.filter { seen.insert($0).inserted }
        let sorted = ours.enumerated().sorted { left, right in
            (position(of: left.element), left.offset) < (position(of: right.element), right.offset)
        }.map(\.element)
        let last = sorted.last.map(position) ?? -1
        return sorted + listed.filter { position(of: $0) > last }
    }

    /// Where an interface stands; one that is not listed has the number in its name, as in `net2`, or comes last.
    private func position(of interface: String) -> Int {
        if let place = listed.firstIndex(of: interface) { return place }
        guard interface.hasPrefix("net"), let number = Int(interface.dropFirst(3)), number > 0 else { return .max }
        return number
    }
}
