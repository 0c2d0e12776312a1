import DxshExpressions
import DxshRuntime
import DxshTestSupport
import Glibc
import Testing

/// TLS, against the server of the `openssl` command.
@Suite(.enabled(if: TLSServer.isAvailable, "there is no openssl"))
struct HTTPSecurityTests {
  @Test func aCertificateThatNobodyVouchesForIsRefused() async throws {
    let server = try await TLSServer(names: "IP:127.0.0.1")
    for call in [HTTPCall.get(server.url), .post(.int(1), to: server.url)] {
      let failure = try #require(await call.failure())
      #expect(failure.kind == "tls" && !failure.isOutcomeUnknown)
      #expect(failure.message.hasPrefix("no secure connection to \(server.url): "), "\(failure.message)")
      #expect(failure.message.contains("certificate"), "\(failure.message)")
    }
  }

  @Test func certificatesToTrustCanBeNamed() async throws {
    let server = try await TLSServer(names: "IP:127.0.0.1")
    let call = HTTPCall.get(server.url, as: .string).with { $0.environment = ["SSL_CERT_FILE": server.certificate] }
    #expect(try await call.run()["body"].string.contains("TLS"))
    #expect(await call.with { $0.environment = ["SSL_CERT_FILE": "/nothing"] }.failure()?.kind == "tls")
    #expect(await call.with { $0.environment = [:] }.failure()?.kind == "tls")
  }

  @Test func aCertificateForAnotherNameIsRefused() async throws {
    let server = try await TLSServer(names: "DNS:other.example")
    let call = HTTPCall.post(.int(1), to: server.url).with { $0.environment = ["SSL_CERT_FILE": server.certificate] }
    let failure = try #require(await call.failure())
    #expect(failure.kind == "tls" && !failure.isOutcomeUnknown)
  }
}

/// `openssl s_server` with a certificate that it signed itself.
private final class TLSServer: Sendable {
  static let isAvailable = Program.shell("command -v openssl").exitCode == 0

  private let folder = TemporaryFolder()
  private let process: pid_t
  private let port: String

  /// `names` is what the certificate is for: `IP:127.0.0.1`.
  init(names: String) async throws {
    let made = Program.shell(
      """
      openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key -out certificate \
        -subj /CN=test -addext subjectAltName=\(names)
      openssl s_server -accept 127.0.0.1:0 -key key -cert certificate -www >out 2>&1 </dev/null &
      echo $!
      """, in: folder.path)
    self.process = try #require(pid_t(made.output.filter(\.isNumber)), "\(made.errors)")
    var port: String?
    while port == nil {
      let line = folder.read("out")?.split(separator: "\n").first { $0.hasPrefix("ACCEPT") }
      port = line?.split(separator: ":").last.map { String($0) }
      try #require(kill(process, 0) == 0, "openssl has ended")
      await Task.yield()
    }
    self.port = port ?? ""
  }

  deinit { kill(process, SIGKILL) }

  var url: String { "https://127.0.0.1:\(port)/" }
  var certificate: String { folder.path + "/certificate" }
}
