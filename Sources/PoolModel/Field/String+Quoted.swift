extension String {
    /// The text between quotation marks on one line, control characters and quotation marks escaped, cut to
    /// 128 characters: safe to put into a message whatever it holds.
    var quoted: String {
        var text = "\""
        var count = 0
        for scalar in unicodeScalars {
            if count == 128 {
                text += "…"
                break
            }
            count += 1
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case let scalar where scalar.value < 0x20 || (0x7f..<0xa0).contains(scalar.value):
                text += "\\u{\(String(scalar.value, radix: 16))}"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }
}

extension [String] {
    /// The texts in quotation marks, separated by commas.
    var quotedList: String { map(\.quoted).joined(separator: ", ") }
}
