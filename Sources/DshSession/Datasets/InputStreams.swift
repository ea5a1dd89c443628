// The pipes and devices that a session reads, and files that are compressed or in UTF-16: each is read once, kept as it comes, and then as good as a file.

import DshDiagnostics
import DshFormats
import DshSystem

/// A file to be read: where it is opened, and what it is called if that is something else.
struct FoundFile: Hashable {
  @ExactText var path: String
  var name: String?
  /// The file as it was when it was found; nil for a stream.
  var identity: FileIdentity?
  /// What the names of its folders say.
  var partitions: [FolderPartition] = []
}

/// What a person says of how the bytes of an input become those that readers get.
struct InputDecoding: Hashable, Sendable {
  var encoding = InputEncoding.utf8OrUTF16(nil)
  /// The widths of cells; nil where something stands between them.
  var widths: [Int]?
  /// The most bytes that a compressed file may become; nil for what is usual.
  var maxDecompressedBytes: Int?

  func decoder(_ name: String) -> InputDecoder {
    InputDecoder(
      name: name, encoding: encoding, widths: widths,
      limit: DecompressionLimit(asked: maxDecompressedBytes, freeBytes: StreamSpool.freeBytes))
  }

  func isNeeded(for head: [UInt8], name: String) -> Bool {
    widths != nil || InputDecoder.isNeeded(for: head, name: name, encoding: encoding)
  }
}

/// All streams of a session; belongs to its thread.
final class InputStreams {
  /// More than what is sampled of a file, so that a stream is judged as a file with the same beginning.
  static let sampleBytes = 4 << 20
  static let standardInputPath = "/dev/stdin"

  /// Whether standard input holds data, and not statements.
  var readsStandardInput = false
  /// Gets readable when waiting for input shall end.
  var cancellation: () -> Int32? = { nil }
  /// Streams that can be read once only, by their place; they stay as long as the session, as nothing can bring them back.
  private var kept: [String: StreamSpool] = [:]
  /// All spools, by where nodes open them.
  private var spools: [String: StreamSpool] = [:]
  /// Those of generated files, the oldest first. A dataset whose spool was given up reads its file anew.
  private var generated: [String] = []

  /// Those of files that are decoded, by the file's state and what was asked for.
  private var decoded: [DecodedFile: StreamSpool] = [:]

  /// What each path was decoded to last. What it was before is given up, as nothing reads it any more: a dataset that was made of it reads the file anew.
  private var latest: [DecodedPath: DecodedFile] = [:]

  private struct DecodedFile: Hashable {
    var identity: FileIdentity
    var decoding: InputDecoding
  }

  private struct DecodedPath: Hashable {
    @ExactText var path: String
    var decoding: InputDecoding
  }

  /// A descriptor each; more datasets over files under `/proc` are seldom in use at once.
  private static let generatedLimit = 64

  /// Whether there are streams with more to come, perhaps.
  var hasOpen: Bool { spools.values.contains { !$0.isEnded } }

  /// Files without a name that the program which holds the session has given to it, by where nodes open them.
  private var adopted: [String: (file: AdoptedFile, name: String)] = [:]

  /// Keeps a descriptor open.
  private final class AdoptedFile {
    let descriptor: Descriptor
    init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }
  }

  /// Takes over a file; where nodes open it.
  func adopt(_ file: consuming Descriptor, as name: String) throws(Diagnostic) -> String {
    let held = AdoptedFile(file)
    let path = sharedPath(ofDescriptor: held.descriptor.number)
    adopted[path] = (held, name)
    return path
  }

  /// A file that was given to the session; nil for any other path.
  func adopted(at path: String) -> FoundFile? {
    guard let known = adopted[path], let status = try? FileStatus(path: path) else { return nil }
    return FoundFile(path: path, name: known.name, identity: FileIdentity(status))
  }

  /// The spool that is opened at a path.
  func spool(at path: String) -> StreamSpool? { spools[path] }

  /// Statements are to come from standard input.
  ///
  /// - Throws: `input-taken` if it was read as data.
  func takeForStatements() throws(Diagnostic) {
    if let place = try? place(of: Self.standardInputPath), kept[place] != nil {
      throw Diagnostic(.inputTaken, "standard input has been read as data")
    }
    readsStandardInput = false
  }

  /// Standard input, which may be a file as well.
  func openStandardInput(_ decoding: InputDecoding) throws(Diagnostic) -> FoundFile {
    guard readsStandardInput else { throw Self.inputTaken }
    if case .file(let path) = try InputKind(of: Self.standardInputPath) { return FoundFile(path: path) }
    return try open(Self.standardInputPath, name: "standard input", decoding, isGenerated: false)
  }

  private static var inputTaken: Diagnostic {
    Diagnostic(
      .inputTaken, "standard input is where the statements come from",
      suggestion: "give the statements with -c or in a script: … | dsh -c 'read - | count'")
  }

  /// Opens a stream, or finds it where it is open already, and reads what a sample takes.
  func open(_ path: String, name: String, _ decoding: InputDecoding, isGenerated: Bool) throws(Diagnostic) -> FoundFile {
    if ownDescriptor(of: path) == 0, !readsStandardInput { throw Self.inputTaken }
    let place = try place(of: path)
    let spool: StreamSpool
    if let known = kept[place], !isGenerated {
      spool = known
    } else {
      spool = try StreamSpool(source: try openStream(path), name: name, decoder: decoding.decoder(name))
      spools[spool.path] = spool
      if isGenerated { generated.append(spool.path) } else { kept[place] = spool }
      if generated.count > Self.generatedLimit { spools[generated.removeFirst()] = nil }
    }
    try spool.read(upTo: isGenerated ? nil : Self.sampleBytes, cancellation: cancellation())
    return FoundFile(path: spool.path, name: name)
  }

  /// The file itself, or what it becomes if it is compressed or written in UTF-16.
  func decode(_ file: FoundFile, _ decoding: InputDecoding) throws -> FoundFile {
    guard spools[file.path] == nil else { return file }
    let source = try ByteSource(path: file.path, name: file.name)
    let name = file.name ?? file.path
    guard try decoding.isNeeded(for: source.bytes(at: 0, count: Compression.magicBytes), name: name), source.sizeBytes > 0 else {
      return file
    }
    let key = DecodedFile(identity: source.identity, decoding: decoding)
    let spool =
      try decoded[key] ?? StreamSpool(source: try openStream(file.path), name: name, decoder: decoding.decoder(name), isFile: true)
    decoded[key] = spool
    spools[spool.path] = spool
    let earlier = latest.updateValue(key, forKey: DecodedPath(path: file.path, decoding: decoding))
    // The same file may have other names.
    if let earlier, earlier != key, !latest.values.contains(earlier), let stale = decoded.removeValue(forKey: earlier) {
      spools[stale.path] = nil
    }
    try spool.read(upTo: Self.sampleBytes, cancellation: cancellation())
    return FoundFile(path: spool.path, name: name, partitions: file.partitions)
  }

  /// Gives up what a file was decoded to, which is read in another way.
  func release(_ file: FoundFile) {
    decoded = decoded.filter { $0.value.path != file.path }
    spools[file.path] = nil
  }

  /// What tells streams apart. A pipe that was made anew under the same path is another one, and one pipe under several names, such as `-` and
  /// `/dev/fd/0`, is the same: whoever opened it twice would get a part of it each time.
  private func place(of path: String) throws(Diagnostic) -> String {
    let status = try FileStatus(path: path)
    let identity = FileIdentity(status)
    let name = status.kind == .pipe ? "pipe" : ownDescriptor(of: path).map { "descriptor \($0)" } ?? path
    return "\(name) \(identity.device) \(identity.inode)"
  }
}
