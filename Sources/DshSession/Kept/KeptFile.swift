// A kept dataset that is open: its file, what its footer says, and the source that nodes read.

import DshColumns
import DshDiagnostics
import DshFormats
import DshPlan
import DshSystem

/// The file of a kept dataset as it was when it was opened; it stays readable for whoever has this, whatever becomes of its name.
final class KeptFile: Sendable {
  let name: String
  let file: PrivateFile
  let record: KeptRecord
  let source: FileSource

  /// The bytes that one task goes through.
  private static let splitBytes = 16 << 20

  /// Looks at a file, at a cost that does not depend on its rows.
  ///
  /// - Throws: `dataset-damaged`, `newer-dataset`, or what reading can throw.
  init(_ name: String, _ file: PrivateFile) throws {
    self.name = name
    self.file = file
    let found: ArrowFile.Look
    do {
      found = try ArrowFile.look(at: ByteSource(path: file.sharedPath, name: file.path), metadata: KeptRecord.key)
      guard let bytes = found.metadata else {
        throw Self.damaged(name, file.path, "dsh has not kept it")
      }
      record = try KeptRecord(bytes)
      guard record.layout == KeptLayout(found.description.schema, batchOffsets: found.batchOffsets) else {
        throw Self.damaged(name, file.path, "its footer names other columns or batches than were written")
      }
    } catch let newer as KeptRecord.IsNewer {
      throw Diagnostic(
        .newerDataset, "\(name) was kept by a later version of dsh: \(Diagnostic.shown(newer.program))",
        suggestion: "use that version, or keep it anew", notes: ["the file: \(file.path)"])
    } catch let failure as DecodingFailure {
      throw Self.damaged(name, file.path, failure.reason)
    } catch let diagnostic as Diagnostic where diagnostic.code == .badFile || diagnostic.code == .otherFormat {
      throw Self.damaged(name, file.path, diagnostic.message)
    }
    let schema = found.description.schema
    var source = FileSource(
      label: name, shapes: [FileShape(format: "arrow", schema: schema, layout: found.description.layout)],
      files: [
        SourceFile(
          path: file.sharedPath, givenName: file.path, identity: file.identity, shape: 0,
          knowledge: .found(dataStart: found.description.dataStart, rowCount: record.rows))
      ], schema: schema, pathColumn: nil, blockBytes: Self.splitBytes)
    source.isMapped = true
    self.source = source
  }

  static func damaged(_ name: String, _ path: String, _ reason: String) -> Diagnostic {
    Diagnostic(
      .datasetDamaged, "\(name) is damaged: \(reason)", suggestion: "remove it: forget \(name)", notes: ["the file: \(path)"])
  }

  /// `1,000 rows, 16.5 KiB`.
  var sizeText: String { "\(counted(record.rows, "row")), \(bytesText(record.dataBytes))" }

  var plan: LogicalPlan { .read(source, columns: Array(source.schema.fields.indices)) }
}
