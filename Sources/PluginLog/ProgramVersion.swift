/// The version of the programs of this package.
public enum ProgramVersion {
    /// The version, as `--version` prints it.
    public static let text = "0.1.0"
}
