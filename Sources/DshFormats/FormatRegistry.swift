// The file formats that dsh knows, those it can't read or write yet among them.
import DshColumns
import DshDiagnostics

/// A file format by name.
public struct Format: Sendable {
  public var name: String
  /// File name extensions without the dot, lower case.
  public var extensions: [String]
  public var canRead: Bool
  public var canWrite: Bool
  /// One sentence for help and reference.
  public var doc: String
  /// Makes a writer, for a format that can be written.
  let writer: (@Sendable () -> any TextWriter)?

  /// The writer of the format; throws `not-available` if it can't be written.
  public func makeWriter() throws -> any TextWriter {
    guard let writer else { throw FormatRegistry.notAvailable("written", name) }
    return writer()
  }
}

/// All formats, the source of help, completion and the reference.
public enum FormatRegistry {
  public static let all: [Format] = [
    Format(
      name: "csv", extensions: ["csv", "dat", "txt"], canRead: true, canWrite: true,
      doc: "Cells separated by commas or what sniffing finds, one record a line, quotes where needed.", writer: { CSVWriter() }),
    Format(
      name: "tsv", extensions: ["tsv", "tab"], canRead: true, canWrite: true,
      doc: "Cells separated by tabs, otherwise like csv.", writer: { CSVWriter.tsv }),
    Format(
      name: "jsonl", extensions: ["jsonl", "ndjson"], canRead: false, canWrite: true, doc: "One JSON object a line.",
      writer: { JSONLinesWriter() }),
    Format(
      name: "json", extensions: ["json"], canRead: false, canWrite: true, doc: "One JSON array with an object for each row.",
      writer: { JSONWriter() }),
    Format(
      name: "md", extensions: ["md"], canRead: false, canWrite: true, doc: "A Markdown table.", writer: { MarkdownWriter() }),
    Format(
      name: "line", extensions: [], canRead: false, canWrite: true, doc: "Every cell on a line of its own, for wide rows.",
      writer: { LineWriter() }),
    Format(
      name: "parquet", extensions: ["parquet", "pq"], canRead: false, canWrite: false, doc: "Columns in compressed row groups.",
      writer: nil),
    Format(
      name: "arrow", extensions: ["arrow", "arrows", "feather", "ipc"], canRead: false, canWrite: false,
      doc: "Arrow's own columns in a file or a stream.", writer: nil),
  ]

  /// The format with a name; throws `unknown-format`.
  public static func named(_ name: String) throws -> Format {
    if let format = all.first(where: { $0.name == name.lowercased() }) { return format }
    let names = all.map(\.name)
    throw Diagnostic(
      .unknownFormat, "no format of this name: \(name)",
      suggestion: nearestName(to: name, in: names).map(didYouMean), notes: ["formats: \(names.joined(separator: ", "))"])
  }

  /// The format that a path's extension stands for, if any.
  public static func forPath(_ path: String) -> Format? {
    let name = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[path.utf8.index(after: $0)...] } ?? path[...]
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return nil }
    let ending = name[name.utf8.index(after: dot)...].lowercased()
    return all.first { $0.extensions.contains(ending) }
  }

  /// The format to read a path with: the named one, else that of its extension, else CSV.
  ///
  /// Throws `unknown-format`, or `not-available` for a format that can't be read.
  public static func forReading(_ path: String, named name: String? = nil) throws -> Format {
    guard let format = try name.map({ try named($0) }) ?? forPath(path) ?? all.first else { throw notAvailable("read", path) }
    guard format.canRead else { throw notAvailable("read", format.name) }
    return format
  }

  static func notAvailable(_ what: String, _ name: String) -> Diagnostic {
    let able = all.filter { what == "read" ? $0.canRead : $0.canWrite }.map(\.name)
    return Diagnostic(
      .notAvailable, "this format cannot be \(what) yet: \(name)", notes: ["can be \(what): \(able.joined(separator: ", "))"])
  }
}
