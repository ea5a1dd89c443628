// One file that is being written, from its header to the name that it gets at its end.

import DshBackend
import DshColumns
import DshDiagnostics
import DshFormats
import DshSystem

/// One file being written: its header, the parts with what stands between them, its footer.
final class FileText {
  private let file: NewFile
  private var assembly: FileAssembly
  private let passed: PassedText?
  private(set) var bytes = 0

  /// - Parameter passed: what earlier attempts have written, for a file that can't be given up.
  init(_ file: NewFile, _ assembly: FileAssembly, passed: PassedText?) throws(Diagnostic) {
    self.file = file
    self.assembly = assembly
    self.passed = file.canBeGivenUp ? nil : passed
    self.passed?.begin()
    try append(assembly.header())
  }

  /// The rows so far, and where the parts begin.
  var rows: Int { assembly.rows }
  var partOffsets: [Int] { assembly.partOffsets }

  func append(_ part: TextPart) throws(Diagnostic) {
    guard part.rows > 0 else { return }
    try append(assembly.add(part))
    try append(part.bytes)
  }

  /// Completes the file and gives it its name.
  ///
  /// - Parameter writing: what makes the footer, if it has to know of the parts; its header and parts are those of the file.
  func end(_ writing: (any FormatWriting)? = nil) throws(Diagnostic) {
    try append(assembly.footer(writing))
    try file.commit()
  }

  private func append(_ piece: [UInt8]) throws(Diagnostic) {
    // The error goes around the closure: Swift 6.3.1 can't compile a typed error that passes through `withUnsafeBytes`.
    var failure: Diagnostic?
    piece.withUnsafeBytes { bytes in
      do throws(Diagnostic) { try append(bytes) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  private func append(_ piece: UnsafeRawBufferPointer) throws(Diagnostic) {
    if try passed?.take(piece) ?? true { try file.write(piece) }
    bytes += piece.count
  }
}
