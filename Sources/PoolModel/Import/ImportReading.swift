public import IPAMCore
public import JSONTree

/// What was found in the files of another program, or of this one: what can be read, and what cannot.
///
/// A record that cannot be read may stand for an address in use, so it is never passed over silently.
public struct ImportReading: Sendable {
    /// A manifest in one of the files.
    public struct Document: Sendable {
        /// The name of the file.
        public let file: String
        /// The content.
        public let tree: JSONValue

        /// Makes a document.
        public init(file: String, tree: JSONValue) {
            self.file = file
            self.tree = tree
        }
    }

    /// Something that cannot be read.
    public struct Problem: Sendable, Hashable {
        /// Which of the given files or documents it is in, counted from 0.
        public let index: Int
        /// What is wrong.
        public let error: FieldError
    }

    /// A resource that came along with the records.
    public struct Companion: Sendable {
        /// Which of the given documents it is, counted from 0.
        public let index: Int
        /// The resource.
        public let resource: any Resource
    }

    /// The records, in the order of the files.
    public internal(set) var claims: [ImportedClaim] = []
    /// The blocks that some of the records stand in, with what rests there.
    public internal(set) var blocks: [Block] = []
    /// Pools and reservations, in the order of the files.
    public internal(set) var resources: [Companion] = []
    /// What cannot be read, in the order of the files.
    public internal(set) var problems: [Problem] = []

    mutating func note(_ errors: [FieldError], of index: Int) {
        problems += errors.map { Problem(index: index, error: $0) }
    }
}
