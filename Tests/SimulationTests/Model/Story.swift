/// What happened, line by line.
final class Story {
    var lines: [String] = []
}
