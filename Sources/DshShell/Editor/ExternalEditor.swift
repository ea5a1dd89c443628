// Hands a statement to the person's own editor, such as vim, and takes back what was saved.

import DshDiagnostics
import DshSystem

/// The editor that `VISUAL` or `EDITOR` names, or `vi`.
struct ExternalEditor {
  private let command: String

  init(environment: (String) -> String?) {
    command = [environment("VISUAL"), environment("EDITOR")].compactMap { $0 }.first { !$0.isEmpty } ?? "vi"
  }

  /// Edits a text; the terminal has to be in its ordinary state meanwhile.
  ///
  /// - Returns: the text as it was saved, without the line end that editors put at the end; nil if the editor failed.
  func edit(_ text: String) throws(Diagnostic) -> String? {
    let file = try TemporaryFile(suffix: ".dsh", contents: Array((text + "\n").utf8))
    let quotedPath = "'" + file.path.replacing("'", with: "'\\''") + "'"
    guard try runShellCommand("\(command) \(quotedPath)") == 0 else { return nil }
    var bytes = try readWholeFile(file.path)
    while bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }
}
