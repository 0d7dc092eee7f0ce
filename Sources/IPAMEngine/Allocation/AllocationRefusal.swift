public import PoolModel

/// Why a request gets no address.
public enum AllocationRefusal: Error, Sendable, Hashable {
    /// No pool may serve it.
    case selection(PoolSelectionError)
    /// The pools that may have nothing for it.
    case allocation(AllocationError)
}

extension AllocationRefusal: CustomStringConvertible {
    /// One line.
    public var description: String {
        switch self {
        case .selection(let error): "\(error)"
        case .allocation(let error): "\(error)"
        }
    }
}
