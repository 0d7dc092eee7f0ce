internal import Foundation

/// The folder of one control plane: keys, certificates, tokens, data, logs.
struct ServerFiles: Sendable {
    let folder: String
    /// A shell that removes the folder when this process has ended in whatever way: it waits for the end of this pipe.
    private let lifeline: FileHandle

    /// Makes the folder with an authority and the certificates of a server on 127.0.0.1.
    init(tokens: [ControlPlane.User]) async throws {
        folder =
            FileManager.default.temporaryDirectory.path + "/spiderpool-kube-\(UUID().uuidString.prefix(8).lowercased())"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        lifeline = try await Self.remover(of: folder)
        let script = """
            set -e
            cd "$0"
            curve='-pkeyopt ec_paramgen_curve:prime256v1'
            openssl req -x509 -newkey ec $curve -nodes -keyout ca.key -out ca.crt -subj /CN=spiderpool-test-ca -days 30
            openssl req -newkey ec $curve -nodes -keyout server.key -out server.csr -subj /CN=kube-apiserver
            echo 'subjectAltName=IP:127.0.0.1,DNS:localhost' > server.ext
            openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -out server.crt -days 30 -extfile server.ext
            openssl req -newkey ec $curve -nodes -keyout client.key -out client.csr -subj /O=system:masters/CN=test-admin
            openssl x509 -req -in client.csr -CA ca.crt -CAkey ca.key -CAcreateserial -out client.crt -days 30
            openssl genrsa -out accounts.key 2048
            openssl rsa -in accounts.key -pubout -out accounts.pub
            """
        try await Command(["bash", "-c", script, folder]).output()
        let lines = tokens.map { "\($0.token),\($0.name),\($0.name),\"\($0.groups.joined(separator: ","))\"" }
        try write(lines.joined(separator: "\n") + "\n", to: "tokens.csv")
    }

    private static func remover(of folder: String) async throws -> FileHandle {
        let pipe = try ChildPipe()
        // The servers end at the same moment, and may write a last time.
        let script = "cat >/dev/null; for i in 1 2 3; do rm -rf \"$0\"; sleep 0.3; done"
        _ = try await ChildProcess.start(
            ["bash", "-c", script, folder], input: pipe.reading, output: .nullDevice, errors: .nullDevice)
        return pipe.writing
    }

    func path(_ name: String) -> String { "\(folder)/\(name)" }

    func write(_ text: String, to name: String) throws {
        try text.write(toFile: path(name), atomically: true, encoding: .utf8)
    }

    func remove() {
        try? lifeline.close()
        try? FileManager.default.removeItem(atPath: folder)
    }
}
