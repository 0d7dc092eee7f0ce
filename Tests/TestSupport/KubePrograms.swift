internal import Foundation

/// The programs of a control plane, as `Scripts/kube/prepare` makes them available.
public struct KubePrograms: Sendable {
    /// The variable that names the folder; `Scripts/test` sets it.
    public static let variable = "SPIDERPOOL_KUBE_PROGRAMS"

    /// The folder.
    public let folder: String

    /// Finds them.
    ///
    /// - Throws: ``SupportError`` that says what to do when they are not there.
    public init() throws {
        let environment = ProcessInfo.processInfo.environment
        guard let folder = environment[Self.variable] ?? environment["KUBEBUILDER_ASSETS"] else {
            throw SupportError(
                "this test needs etcd and kube-apiserver: run it with `make test`, or set \(Self.variable) to what "
                    + "Scripts/kube/prepare prints")
        }
        self.folder = folder
    }

    /// The path of a program; its name alone where the folder does not have it.
    public func path(of program: String) -> String {
        let path = "\(folder)/\(program)"
        return FileManager.default.isExecutableFile(atPath: path) ? path : program
    }
}
