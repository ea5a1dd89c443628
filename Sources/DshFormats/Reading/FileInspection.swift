// Finds out how the files of one `read` are to be read, each in its format.
import DshDiagnostics
import DshSystem

/// A file that is there, and the format it is in.
public struct FileToRead: Sendable {
  public var path: String
  /// What errors call it; nil for its path.
  public var name: String?
  public var format: any FileFormat

  public init(path: String, name: String? = nil, format: any FileFormat) {
    self.path = path
    self.name = name
    self.format = format
  }
}

/// A file as it was when it was looked at, and what that told.
public struct InspectedFile: Hashable, Sendable {
  public var identity: FileIdentity
  public var description: FileDescription
}

/// Inspects the files of one `read`; in their order.
///
/// - Parameter attempts: how often to look at a file that changes meanwhile.
/// - Throws: what the formats throw, `bad-option` for an option that means nothing to any of the files, and `FileChanged` for a file that was never the same long
///   enough to be looked at.
public func inspect(_ files: [FileToRead], options: ReadOptions, attempts: Int) throws -> [InspectedFile] {
  let readings = try files.map { try $0.format.readingOrRefusal() }
  for option in options.ofFormats where !readings.contains(where: { $0.optionNames.contains(option.name) }) {
    throw Diagnostic(.invalidOptionValue, .user, "--\(option.name) means nothing to files of this format", span: option.span)
  }
  var inspected = [InspectedFile?](repeating: nil, count: files.count)
  for index in files.indices where inspected[index] == nil {
    try inspect(files, readings, likeThoseOf: readings[index], options, attempts, into: &inspected)
  }
  return inspected.compactMap { $0 }
}

/// Inspects together what is read in one way.
private func inspect<Reading: FormatReading>(
  _ files: [FileToRead], _ readings: [any FormatReading], likeThoseOf reading: Reading, _ options: ReadOptions, _ attempts: Int,
  into inspected: inout [InspectedFile?]
) throws {
  var own = options
  own.ofFormats.removeAll { !reading.optionNames.contains($0.name) }
  var places: [Int] = []
  var identities: [FileIdentity] = []
  var looks: [Reading.Look] = []
  for (place, file) in files.enumerated() {
    guard let reading = readings[place] as? Reading else { continue }
    let (identity, look) = try whileUnchanged(file, attempts) { try reading.look(at: $0, options: own) }
    places.append(place)
    identities.append(identity)
    looks.append(look)
  }
  let descriptions = try reading.settle(looks, options: own)
  precondition(descriptions.count == looks.count, "\(descriptions.count) descriptions of \(looks.count) files")
  for (index, place) in places.enumerated() {
    inspected[place] = InspectedFile(identity: identities[index], description: descriptions[index])
  }
}

/// Looks at a file until it stays the same meanwhile; it is closed then, so that any number of files need one descriptor.
private func whileUnchanged<T>(_ file: FileToRead, _ attempts: Int, look: (ByteSource) throws -> T) throws -> (FileIdentity, T) {
  for _ in 0..<attempts {
    let source = try ByteSource(path: file.path, name: file.name)
    source.identity.awaitTick()
    let result = Result { try look(source) }
    do { try source.checkUnchanged() } catch is FileChanged { continue }
    return (source.identity, try result.get())
  }
  throw FileChanged(path: file.path)
}
