/// What becomes of the objects that a deleted object owns.
public enum Propagation: String, Sendable, Hashable {
    /// They are deleted afterwards.
    case background = "Background"
    /// They are deleted before the object goes.
    case foreground = "Foreground"
    /// They stay.
    case orphan = "Orphan"
}
