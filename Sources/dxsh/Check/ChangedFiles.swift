/// What git says was changed since a revision: what differs from it in the work tree, and what git does not know yet.
enum ChangedFiles {
  /// The identities of the files.
  static func since(_ revision: String) throws(CallFailure) -> Set<String> {
    let option = "--changed-since \(revision)"
    guard !revision.isEmpty, !revision.hasPrefix("-") else {
      throw CallFailure("--changed-since takes a revision of git, such as `main` or `HEAD~3`, not \"\(revision)\"")
    }
    let top = try git(["rev-parse", "--show-toplevel"], option)
    guard top.isSuccess, let root = top.lines.first else {
      throw CallFailure("\(option): this folder is in no work tree of git: \(top.complaint)")
    }
    let commit = try git(["rev-parse", "--verify", "--quiet", "\(revision)^{commit}"], option)
    guard commit.isSuccess, let id = commit.lines.first else {
      throw CallFailure("\(option): git knows no revision \(revision); `git log --oneline` lists some")
    }
    var names: [String] = []
    for arguments in [
      ["diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", id, "--"],
      ["ls-files", "--others", "--exclude-standard", "-z"],
    ] {
      let result = try git(["-C", root] + arguments, option)
      guard result.isSuccess else { throw CallFailure("\(option): git fails: \(result.complaint)") }
      names += result.parts(separatedBy: 0)
    }
    return Set(names.map { SourceTexts.identity(of: root + "/" + $0) })
  }

  private static func git(_ arguments: [String], _ option: String) throws(CallFailure) -> CommandResult {
    do throws(CommandResult.Failure) {
      return try CommandResult(of: "git", arguments)
    } catch {
      throw CallFailure("\(option) asks git, which cannot be started: \(error.reason)")
    }
  }
}
