extension String {
    /// Whether the text can name a file within a folder, and nothing outside of it.
    var isFileName: Bool {
        !isEmpty && self != "." && self != ".." && utf8.count <= 255
            && utf8.allSatisfy { $0 != UInt8(ascii: "/") && $0 != 0 }
    }
}
