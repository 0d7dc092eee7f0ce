import IPAMCore
import TestSupport
import Testing

@testable import KubeClient

@Suite struct ExecPluginTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A source with a program that is this shell script.
    private func source(_ script: String, version: String = "v1", clock: ManualClock = ManualClock()) throws
        -> CredentialSource
    {
        try ExecutableFile.write("\(folder.path)/program", "#!/bin/sh\n\(script)\n", mode: 0o700)
        let file = try folder.write(
            "config",
            """
            current-context: c
            contexts: [{name: c, context: {cluster: c, user: u}}]
            clusters: [{name: c, cluster: {server: "https://10.0.0.1:6443"}}]
            users:
            - name: u
              user:
                exec:
                  apiVersion: client.authentication.k8s.io/\(version)
                  command: ./program
                  args: [one, two words]
                  env: [{name: WHO, value: me}]
                  installHint: install the program
                  provideClusterInfo: true
            """)
        return CredentialSource(try KubeConfiguration.kubeconfig(files: [file]), time: clock.source)
    }

    private func credential(_ status: String, version: String = "v1") -> String {
        #"echo run >> "$(dirname "$0")/runs"; echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/"#
            + version + #"","status":"# + status + "}'"
    }

    private var runs: Int {
        ((try? SmallFile.read("\(folder.path)/runs", limit: 1000)) ?? []).count { $0 == 0x0a }
    }

    @Test(arguments: ["v1", "v1beta1"]) func aToken(_ version: String) async throws {
        let source = try source(credential(#"{"token":"t"}"#, version: version), version: version)
        #expect(try await source.credential().token == Secret("t"))
        #expect(try await source.credential().token == Secret("t"))
        #expect(runs == 1)
    }

    @Test func whatTheProgramGetsToKnow() async throws {
        let source = try source(
            """
            [ "$1" = one ] && [ "$2" = "two words" ] && [ "$WHO" = me ] || exit 3
            case "$KUBERNETES_EXEC_INFO" in *'"server":"https://10.0.0.1:6443"'*) ;; *) exit 4;; esac
            \(credential(#"{"token":"t"}"#))
            """)
        #expect(try await source.credential().token == Secret("t"))
    }

    @Test func aCredentialIsRenewedBeforeItExpires() async throws {
        let clock = ManualClock()
        let expiry = clock.source.timestamp.adding(.seconds(60)).description
        let source = try source(credential(#"{"token":"t","expirationTimestamp":""# + expiry + #""}"#), clock: clock)
        _ = try await source.credential()
        clock.advance(by: .seconds(45))
        _ = try await source.credential()
        #expect(runs == 1)
        clock.advance(by: .seconds(10))
        _ = try await source.credential()
        #expect(runs == 2)
    }

    @Test func aRefusedCredentialIsRenewedOnce() async throws {
        let source = try source(credential(#"{"token":"t"}"#))
        let first = try await source.credential()
        #expect(await source.refuse(first))
        let second = try await source.credential()
        #expect(runs == 2)
        // A late refusal of the first one says nothing about the second.
        #expect(await source.refuse(first))
        #expect(try await source.credential().generation == second.generation)
        #expect(runs == 2)
    }

    @Test func manyAskAtOnce() async throws {
        let source = try source(credential(#"{"token":"t"}"#))
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { _ = try? await source.credential() } }
        }
        #expect(runs == 1)
    }

    @Test func aCertificate() async throws {
        let source = try source(credential(#"{"clientCertificateData":"C","clientKeyData":"K"}"#))
        #expect(try await source.credential().certificate == .init(chain: Array("C".utf8), key: Secret("K")))
    }

    struct Mistake: Sendable {
        let script: String
        let words: String
    }

    static let mistakes = [
        Mistake(script: "exit 7", words: "failed with status 7"),
        Mistake(script: "echo s3cret", words: "not JSON at line 1"),
        Mistake(script: #"echo '{"kind":"Pod","status":{"token":"s3cret"}}'"#, words: "\"kind\""),
        Mistake(
            script:
                #"echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1beta1","status":{"token":"s3cret"}}'"#,
            words: "client.authentication.k8s.io/v1,"),
        Mistake(
            script: #"echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{}}'"#,
            words: "neither a token nor a certificate"),
        Mistake(
            script:
                #"echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"clientKeyData":"s3cret"}}'"#,
            words: "without its certificate"),
        Mistake(
            script:
                #"echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"s3cret","expirationTimestamp":"soon"}}'"#,
            words: "expirationTimestamp"),
        Mistake(script: "head -c 2000000 /dev/zero", words: "more than a mebibyte"),
    ]

    @Test(arguments: mistakes) func programsThatFail(_ mistake: Mistake) async throws {
        let source = try source(mistake.script)
        do throws(KubeError) {
            _ = try await source.credential()
            Issue.record("a credential came")
        } catch {
            #expect(error.code == .configuration)
            #expect(error.description.contains(mistake.words), "\(error)")
            #expect(error.description.contains("exec.command"))
            #expect(!error.description.contains("s3cret"), "\(error)")
        }
    }

    @Test func aProgramThatIsNotThere() async throws {
        let source = try source("exit 0")
        try folder.write("program", "")
        do throws(KubeError) {
            _ = try await source.credential()
            Issue.record("a credential came")
        } catch {
            #expect(error.description.contains("install the program"), "\(error)")
        }
    }

    @Test func aProgramThatDoesNotEnd() throws {
        let started = MonotonicInstant.now
        #expect(throws: ExecProgram.Failure.self) {
            try ExecProgram.run(
                "sleep", ["60"], environment: ["PATH": "/bin:/usr/bin"], until: .now + .milliseconds(100))
        }
        #expect(started.duration(to: .now) < .seconds(30))
    }
}
