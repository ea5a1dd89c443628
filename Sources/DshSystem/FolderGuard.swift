// The process that takes away a half-written folder when whoever writes it has been killed.
import CDshSystem
import DshDiagnostics
import Glibc

/// What makes this program one: `dsh guard-folder HIDDEN TARGET [PREFIX]`.
public let folderGuardArgument = "guard-folder"

/// Waits for the end of the writer, which holds the other end of the pipe on standard input, and removes the hidden folder unless the writer has said that
/// the folder is in its place. An earlier folder that was set aside for a moment is put back, and folders in it are carried over, but for those whose
/// names begin with the prefix.
///
/// - Parameter arguments: what stands behind `dsh guard-folder`.
public func runFolderGuard(_ arguments: [String]) -> Never {
  var isInPlace = false
  var byte: UInt8 = 0
  while retried({ unsafe read(0, &byte, 1) }).result > 0 { isInPlace = true }
  if !isInPlace, arguments.count >= 2 { NewFolder.removeLeft(arguments[0], of: arguments[1], arguments.count > 2 ? arguments[2] : nil) }
  exitAtOnce(0)
}

/// The guard of a folder, as its writer holds it.
final class FolderGuard {
  private let process: ChildProcess
  private var pipe: PipeWriter?

  /// - Throws: what the system says; the folder can be written all the same, and the next one that writes there removes what is left of it.
  init(hidden: String, target: String, _ replacedPrefix: String?) throws(Diagnostic) {
    let pipe = try Pipe()
    process = try ChildProcess(
      path: ChildProcess.ownExecutable, arguments: ["dsh", folderGuardArgument, hidden, target] + (replacedPrefix.map { [$0] } ?? []),
      input: .descriptor(pipe.readNumber),
      errorOutput: .nothing)
    self.pipe = pipe.intoWriter()
  }

  /// The folder is in its place: nothing is to be removed.
  func release() {
    var byte: UInt8 = 1
    unsafe withUnsafeBytes(of: &byte) { unsafe pipe?.write($0) }
  }

  deinit {
    pipe = nil
    _ = process.collect(wait: true)
  }
}
