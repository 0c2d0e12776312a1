/// How dxsh names itself to servers.
package enum UserAgent {
  /// With the version that `dxsh version` prints.
  package static let text = "dxsh/0.1.0"
}
