// A Python at the terminal that has the rows of a dataset as a data frame, over the memory of the stores where they lie.

import DshBackend
import DshDiagnostics
import DshFormats
import DshLanguage
import DshPlan
import DshPython
import DshSystem

/// A Python that can be opened with a data frame.
struct PythonShell {
  private let program: String
  private let hasIPython: Bool

  /// What is found on the path, or the one that `DSH_PYTHON` names.
  ///
  /// Throws what to install where something is missing.
  static func find(for span: SourceSpan) throws(Diagnostic) -> PythonShell {
    let program = environmentVariable("DSH_PYTHON").flatMap { $0.isEmpty ? nil : $0 } ?? "python3"
    func status(_ code: String) throws(Diagnostic) -> Int {
      try runShellCommand("\(shellQuoted(program)) -c \(shellQuoted(code)) >/dev/null 2>&1 </dev/null")
    }
    switch try status("import pandas, pyarrow") {
    case 0: return PythonShell(program: program, hasIPython: try status("import IPython") == 0)
    case 126, 127:
      throw Diagnostic(
        .programFailed, "no Python is found: \(program)", span: span, suggestion: "apt install python3, or let DSH_PYTHON name it")
    default:
      throw Diagnostic(
        .programFailed, "\(program) has no pandas or no pyarrow", span: span, suggestion: "\(program) -m pip install pandas pyarrow")
    }
  }

  /// Opens it at the terminal, where the frame is called `df`, and waits until it is left.
  func open(_ frame: SharedFrame) throws(Diagnostic) {
    let code = "import pandas as pd; df = __import__('runpy').run_path('\(frame.programPath)')['data_frame']('\(frame.path)')"
    _ = try runShellCommand("\(shellQuoted(program)) \(hasIPython ? "-m IPython --no-banner -i" : "-q -i") -c \(shellQuoted(code))")
  }
}

/// Blocks as a program of Python is told of them: a file in memory that says where they lie, with what lies in no store. Other processes can open
/// it, and the stores, as long as this object and the sharing are there.
final class SharedFrame {
  private let program: MemoryFile
  private let description: MemoryFile
  /// What lies in no store, or in another form than Arrow's, and the columns' types.
  let writtenBytes: Int

  var programPath: String { sharedPath(ofDescriptor: program.descriptor.number) }
  var path: String { sharedPath(ofDescriptor: description.descriptor.number) }

  /// What follows the description begins at a multiple of this, as values are to.
  private static let alignmentBytes = 64

  init(_ shared: SharedBlocks) throws {
    var columns = SharedColumns(shared.stores)
    var members = columns.describe(shared)
    let paths = shared.stores.map { JSONValue.string(sharedPath(ofDescriptor: $0.descriptor)) }
    members.append(JSONMember(name: "paths", value: .array(paths)))
    var line = Array(JSONValue.object(members).text.utf8)
    let blanks = Self.alignmentBytes - 1 - line.count % Self.alignmentBytes
    line += repeatElement(UInt8(ascii: " "), count: blanks) + [UInt8(ascii: "\n")]
    description = try MemoryFile.holding([line, columns.moved], name: "dsh-frame")
    program = try MemoryFile.holding([PythonModules.dataFrame], name: "dsh-python")
    writtenBytes = columns.moved.count
  }
}

extension MemoryFile {
  /// A memory file with these bytes, one part behind another.
  fileprivate static func holding(_ parts: [[UInt8]], name: String) throws -> MemoryFile {
    let file = try MemoryFile(name: name, byteCount: parts.reduce(0) { $0 + $1.count })
    var offset = 0
    for part in parts {
      try part.withUnsafeBytes { try file.write([$0], at: offset) }
      offset += part.count
    }
    return file
  }
}
