// The file formats that dsh knows, those it can't read or write yet among them.
import DshDiagnostics

/// All formats, the source of help, completion and the reference.
public enum FormatRegistry {
  /// In the order of help; the first is what a file is taken for whose name says nothing.
  public static let all: [any FileFormat] = [
    CSVFormat(),
    TSVFormat(),
    JSONFormat(),
    JSONLinesFormat(),
    MarkdownFormat(),
    LineFormat(),
    PlainTextFormat(),
    ParquetFormat(),
    ArrowFormat(),
  ]

  /// The format with a name; throws `unknown-format`.
  public static func named(_ name: String) throws(Diagnostic) -> any FileFormat {
    if let format = all.first(where: { $0.name == name.lowercased() }) { return format }
    let names = all.map(\.name)
    throw Diagnostic(
      .unknownFormat, "no format of this name: \(name)",
      suggestion: nearestName(to: name, in: names).map(didYouMean), notes: ["formats: \(names.joined(separator: ", "))"])
  }

  /// The format that a path's extension stands for, if any; `.csv.gz` stands for what `.csv` does.
  public static func forPath(_ path: String) -> (any FileFormat)? {
    let path = Compression.uncompressedPath(path)
    let name = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[path.utf8.index(after: $0)...] } ?? path[...]
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return nil }
    let ending = name[name.utf8.index(after: dot)...].lowercased()
    return all.first { $0.extensions.contains(ending) }
  }

  /// The format to read a path with: the named one, else that of its extension, else the first of all.
  ///
  /// Throws `unknown-format`, or `not-available` for a format that can't be read.
  public static func forReading(_ path: String, named name: String? = nil) throws(Diagnostic) -> any FileFormat {
    let format = if let name { try named(name) } else { forPath(path) ?? all[0] }
    _ = try format.readingOrRefusal()
    return format
  }

  /// Everything that is wrong with the values of options of `read`, told once by each way of reading.
  public static func mistakes(in options: [FormatOption]) -> [Diagnostic] {
    var asked: Set<ObjectIdentifier> = []
    return all.compactMap(\.reading).filter { asked.insert(ObjectIdentifier(type(of: $0))).inserted }.flatMap { $0.mistakes(in: options) }
  }
}

extension FileFormat {
  /// How it is read; throws `not-available` if it can't be.
  public func readingOrRefusal() throws(Diagnostic) -> any FormatReading {
    guard let reading else { throw notAvailable("read", FormatRegistry.all.filter(\.canRead)) }
    return reading
  }

  /// How it is written; throws `not-available` if it can't be.
  public func writingOrRefusal() throws(Diagnostic) -> any FormatWriting {
    guard let writing else { throw notAvailable("written", FormatRegistry.all.filter(\.canWrite)) }
    return writing
  }

  private func notAvailable(_ what: String, _ able: [any FileFormat]) -> Diagnostic {
    Diagnostic(
      .notAvailable, "this format cannot be \(what) yet: \(name)",
      notes: ["can be \(what): \(able.map(\.name).joined(separator: ", "))"])
  }
}
