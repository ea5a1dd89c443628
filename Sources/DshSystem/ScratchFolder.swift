// A folder for files that are needed for a while, such as those of one test.
import DshDiagnostics
import Glibc

/// A folder of this user alone among the temporary ones, gone with all its files when the object goes.
public final class ScratchFolder {
  public let path: String

  /// - Parameter name: what its name begins with.
  public init(_ name: String) throws(Diagnostic) {
    var template = Array(joinPath(NamelessFile.usualFolder, name + "-XXXXXX").utf8CString)
    guard unsafe mkdtemp(&template) != nil else { throw systemError(errno, doing: "make a folder", path: NamelessFile.usualFolder) }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Removes the files in it, which holds no folders.
  deinit {
    for entry in (try? listFolder(path)) ?? [] { unsafe unlink(joinPath(path, entry.name)) }
    unsafe rmdir(path)
  }
}
