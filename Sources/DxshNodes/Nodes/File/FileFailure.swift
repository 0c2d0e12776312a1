import DxshExpressions
import DxshRuntime
import Glibc

/// What is wrong with files, and what the system's error numbers mean to an author.
enum FileFailure {
  static func tooLarge(_ name: String, limit: Int) -> NodeFailure {
    NodeFailure("too_large", "\"\(name)\" is larger than the limit of \(SizeText.format(Int64(limit)))")
  }

  /// The content of a file as text; throws `encoding` when it is none.
  static func text(_ bytes: [UInt8], of name: String) throws(NodeFailure) -> Text {
    if let offset = UTF8Check.firstInvalid(in: bytes) {
      throw NodeFailure("encoding", "\"\(name)\" is not UTF-8 text: see its byte \(offset + 1)")
    }
    return Text(validUTF8: bytes)
  }

  /// `action` is a verb: `cannot read "a.txt": the disk is full`.
  static func failure(_ number: Int32, _ action: String, _ place: FilePlace) -> NodeFailure {
    NodeFailure(kind(of: number), "cannot \(action) \"\(place.given)\": \(reason(number))")
  }

  private static func kind(of number: Int32) -> String {
    switch number {
    case ENOENT, ENOTDIR: "not_found"
    case EACCES, EPERM, EROFS: "permission"
    default: "io"
    }
  }

  private static func reason(_ number: Int32) -> String {
    switch number {
    case ENOENT: "there is no such file or folder"
    case ENOTDIR: "a part of the path is not a folder"
    case EISDIR: "it is a folder"
    case EACCES, EPERM: "the user that dxsh runs as may not do that"
    case EROFS: "it is on a disk that may only be read"
    case ENOSPC: "the disk is full"
    case EDQUOT: "the user's share of the disk is used up"
    case EFBIG: "it would be larger than a file may be"
    case ENAMETOOLONG: "the path is too long"
    case ELOOP: "its symbolic links lead in a circle"
    case EMFILE, ENFILE: "too many files are open"
    case EIO: "the disk reports an error"
    default: SystemError(number).description
    }
  }
}
