import JSONTree
import TestSupport
import Testing

@testable import KubeClient

@Suite struct KubeconfigTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static let whole = """
        apiVersion: v1
        kind: Config
        current-context: lab
        clusters:
        - name: lab
          cluster: {server: "https://10.0.0.1:6443", certificate-authority: ca.crt, tls-server-name: kubernetes}
        - name: other
          cluster: {server: "https://[fd00::1]/k8s/c-1/", insecure-skip-tls-verify: true}
        users:
        - name: admin
          user: {token: s3cret}
        - name: robot
          user: {client-certificate-data: Y2VydA==, client-key-data: a2V5}
        contexts:
        - name: lab
          context: {cluster: lab, user: admin, namespace: shop}
        - name: other
          context: {cluster: other, user: robot}
        """

    @Test func contextsClustersAndUsers() throws {
        try folder.write("ca.crt", "the authority")
        let file = try folder.write("config", Self.whole)
        let lab = try KubeConfiguration.kubeconfig(files: [file])
        #expect(lab.server.description == "https://10.0.0.1:6443")
        #expect(lab.serverName == "kubernetes")
        #expect(lab.trust == .authorities(Array("the authority".utf8)))
        #expect(lab.bearer == .token(Secret("s3cret")))
        #expect(lab.namespace == "shop")
        let other = try KubeConfiguration.kubeconfig(files: [file], context: "other")
        #expect(other.server == ServerAddress(host: "fd00::1", port: 443, prefix: "/k8s/c-1"))
        #expect(other.trust == .none)
        #expect(other.clientCertificate == .init(chain: Array("cert".utf8), key: Secret("key")))
        #expect(other.namespace == "default")
    }

    @Test func theFirstFileCounts() throws {
        try folder.write("ca.crt", "the authority")
        let second = try folder.write("second", Self.whole)
        let first = try folder.write(
            "first",
            """
            current-context: other
            clusters: [{name: other, cluster: {server: "http://127.0.0.1:8001"}}]
            """)
        let merged = try KubeConfiguration.load(environment: ["KUBECONFIG": "\(first):/nowhere/config:\(second)"])
        #expect(merged.server.description == "http://127.0.0.1:8001")
        #expect(merged.clientCertificate != nil, "the user is from the second file")
    }

    struct Mistake: Sendable {
        let name: String
        let old: String
        let new: String
        /// What the message has to name.
        let words: [String]
    }

    static let mistakes = [
        Mistake(name: "not YAML", old: "clusters:", new: "clusters: [", words: ["line "]),
        Mistake(name: "another kind", old: "kind: Config", new: "kind: Pod", words: ["kind"]),
        Mistake(
            name: "no context", old: "current-context: lab", new: "x: y",
            words: ["current-context", "\"lab\", \"other\""]),
        Mistake(
            name: "unknown context", old: "current-context: lab", new: "current-context: lb",
            words: ["\"lb\"", "choose one of"]),
        Mistake(
            name: "unknown cluster", old: "{cluster: lab,", new: "{cluster: lap,",
            words: ["contexts[0].context.cluster", "\"lap\""]),
        Mistake(
            name: "unknown user", old: "user: admin", new: "user: amin",
            words: ["contexts[0].context.user", "\"amin\""]),
        Mistake(
            name: "no server", old: "server: \"https://10.0.0.1:6443\",", new: "",
            words: ["clusters[0].cluster.server", "missing"]),
        Mistake(
            name: "no URL", old: "https://10.0.0.1:6443", new: "10.0.0.1:6443",
            words: ["clusters[0].cluster.server", "https://10.0.0.1:6443"]),
        Mistake(
            name: "port out of range", old: "10.0.0.1:6443", new: "10.0.0.1:70000",
            words: ["clusters[0].cluster.server"]),
        Mistake(
            name: "no such file", old: "ca.crt", new: "cb.crt",
            words: ["clusters[0].cluster.certificate-authority", "cb.crt", "No such file"]),
        Mistake(
            name: "not base 64", old: "certificate-authority: ca.crt", new: "certificate-authority-data: \"***\"",
            words: ["certificate-authority-data", "base64 -w0"]),
        Mistake(
            name: "trust and no trust", old: "tls-server-name: kubernetes", new: "insecure-skip-tls-verify: true",
            words: ["insecure-skip-tls-verify", "remove one"]),
        Mistake(
            name: "proxy", old: "tls-server-name: kubernetes", new: "proxy-url: \"http://p:3128\"",
            words: ["clusters[0].cluster.proxy-url", "not supported"]),
        Mistake(
            name: "not a truth value", old: "tls-server-name: kubernetes", new: "insecure-skip-tls-verify: ja",
            words: ["insecure-skip-tls-verify", "true or false"]),
        Mistake(
            name: "password", old: "{token: s3cret}", new: "{username: admin, password: s3cret}",
            words: ["users[0].user.username", "token"]),
        Mistake(name: "auth provider", old: "{token: s3cret}", new: "{auth-provider: {name: gcp}}", words: ["exec"]),
        Mistake(
            name: "impersonation", old: "{token: s3cret}", new: "{token: s3cret, as: root}", words: ["users[0].user.as"]
        ),
        Mistake(
            name: "token of another kind", old: "{token: s3cret}", new: "{token: [s3cret]}",
            words: ["users[0].user.token", "expected a string"]),
        Mistake(
            name: "user of another kind", old: "user: {token: s3cret}", new: "user: s3cret",
            words: ["users[0].user", "expected an object"]),
        Mistake(
            name: "certificate without key", old: "{token: s3cret}", new: "{client-certificate-data: Y2VydA==}",
            words: ["users[0].user.client-key"]),
        Mistake(
            name: "key without certificate", old: "{token: s3cret}", new: "{client-key-data: a2V5}",
            words: ["users[0].user.client-certificate"]),
        Mistake(
            name: "exec of an old version", old: "{token: s3cret}",
            new: "{exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: aws}}",
            words: ["users[0].user.exec.apiVersion", "v1beta1"]),
        Mistake(
            name: "exec without command", old: "{token: s3cret}",
            new: "{exec: {apiVersion: client.authentication.k8s.io/v1}}", words: ["users[0].user.exec.command"]),
        Mistake(
            name: "exec that needs a terminal", old: "{token: s3cret}",
            new: "{exec: {apiVersion: client.authentication.k8s.io/v1, command: x, interactiveMode: Always}}",
            words: ["interactiveMode"]),
        Mistake(name: "entry without name", old: "- name: admin\n", new: "- nam: admin\n", words: ["users[0].name"]),
    ]

    @Test(arguments: mistakes) func everyMistakeIsNamed(_ mistake: Mistake) throws {
        try folder.write("ca.crt", "the authority")
        let text = Self.whole.replacing(mistake.old, with: mistake.new)
        try #require(text != Self.whole, "the row changes nothing")
        let file = try folder.write("config", text)
        let error = try #require(throws: KubeError.self) { try KubeConfiguration.kubeconfig(files: [file]) }
        #expect(error.code == .configuration)
        let message = error.description
        #expect(message.contains(file))
        for word in mistake.words { #expect(message.contains(word), "\(message)") }
        #expect(!message.contains("s3cret"), "\(message)")
        #expect(!message.contains("\n"))
    }

    @Test func noFileAtAll() throws {
        let error = try #require(throws: KubeError.self) {
            try KubeConfiguration.load(environment: ["HOME": folder.path])
        }
        #expect(error.description.contains("\(folder.path)/.kube/config"))
        #expect(error.description.contains("KUBECONFIG"))
    }

    @Test func anEmptyFileIsAFile() throws {
        let file = try folder.write("config", "")
        let error = try #require(throws: KubeError.self) { try KubeConfiguration.kubeconfig(files: [file]) }
        #expect(error.description.contains("current-context"))
    }

    @Test func secretsAreNotShown() throws {
        try folder.write("ca.crt", "the authority")
        let configuration = try KubeConfiguration.kubeconfig(files: [folder.write("config", Self.whole)])
        var dumped = ""
        dump(configuration, to: &dumped)
        #expect(!dumped.contains("s3cret"))
        #expect(!"\(configuration) \(String(reflecting: configuration))".contains("s3cret"))
    }
}
