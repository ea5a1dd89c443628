// Files that only their owner can read and that are gone when nobody needs them.
import CDshSystem
import DshDiagnostics
import Glibc

/// A file in the folder for temporary files, removed when the object goes.
public final class TemporaryFile {
  public let path: String

  /// - Parameters:
  ///   - suffix: what its name ends in, such as `.dsh`.
  ///   - contents: what it holds at first.
  public init(suffix: String, contents: [UInt8]) throws(Diagnostic) {
    let folder = environmentVariable("TMPDIR").flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    var template = Array(joinPath(folder, "dsh-XXXXXX" + suffix).utf8CString)
    let number = try checked("make a file for the editor", path: folder) { unsafe mkstemps(&template, Int32(suffix.utf8.count)) }
    let descriptor = Descriptor(owning: number)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    try writeAll(contents, to: descriptor.number, path: path)
  }

  deinit { unsafe unlink(path) }
}
