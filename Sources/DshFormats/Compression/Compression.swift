// The kinds of compressed data that text may come in and be written as: their names, and how to tell them.
import DshDiagnostics

/// A kind of compressed data. A file holds any number of members (frames, streams) one after another, each compressed by itself.
public enum Compression: UInt8, Sendable, CaseIterable {
  case gzip = 0
  case zstd = 1
  case lz4 = 2
  case bzip2 = 3
  case xz = 4

  /// What messages call it.
  public var name: String { "\(self)" }

  /// The kind with a name; throws `unknown-format`.
  public static func named(_ name: String) throws(Diagnostic) -> Compression {
    if let kind = allCases.first(where: { $0.name == name }) { return kind }
    throw Diagnostic(.unknownFormat, "no kind of compression has this name: \(name)")
  }

  /// The endings of file names, lower case, without the dot; the first is what it is known by. `bgz` is gzip with many small members.
  var endings: [String] {
    switch self {
    case .gzip: ["gz", "bgz", "gzip"]
    case .zstd: ["zst", "zstd"]
    case .lz4: ["lz4"]
    case .bzip2: ["bz2"]
    case .xz: ["xz"]
    }
  }

  /// What a member begins with, any of them: RFC 1952, RFC 8878 (a frame, and the last three bytes of what is to be skipped), the LZ4 frame format, the beginning of a bzip2
  /// block or end, and the .xz file format.
  private var magic: [(offset: Int, bytes: [UInt8])] {
    switch self {
    case .gzip: [(0, [0x1F, 0x8B, 0x08])]
    case .zstd: [(0, [0x28, 0xB5, 0x2F, 0xFD]), (1, [0x2A, 0x4D, 0x18])]
    case .lz4: [(0, [0x04, 0x22, 0x4D, 0x18])]
    case .bzip2: [(4, [0x31, 0x41, 0x59, 0x26, 0x53, 0x59]), (4, [0x17, 0x72, 0x45, 0x38, 0x50, 0x90])]
    case .xz: [(0, [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00])]
    }
  }

  /// So many bytes tell every kind.
  public static let magicBytes = 10

  /// What the first bytes of a file announce; nil for anything else. A name that says so has a say where the bytes end too early to tell.
  public static func of(_ head: some Collection<UInt8>, name: String) -> Compression? {
    if let found = allCases.first(where: { kind in
      kind.magic.contains { head.dropFirst($0.offset).starts(with: $0.bytes) && kind.beginsRight(head) }
    }) {
      return found
    }
    guard let named = ofPath(name), !head.isEmpty, head.count < magicBytes else { return nil }
    let isCut = named.magic.contains { $0.bytes.starts(with: head.dropFirst($0.offset)) && named.beginsRight(head) }
    return isCut ? named : nil
  }

  /// Whether the bytes before those that tell are as they have to be, as far as they are there.
  private func beginsRight(_ head: some Collection<UInt8>) -> Bool {
    switch self {
    case .bzip2: zip(head.prefix(3), Array("BZh".utf8)).allSatisfy { $0 == $1 }
    case .zstd: head.first.map { $0 == 0x28 || 0x50...0x5F ~= $0 } ?? true
    case .gzip, .lz4, .xz: true
    }
  }

  /// The kind that a path's ending stands for, if any.
  public static func ofPath(_ path: String) -> Compression? { split(path).compression }

  /// A path without the ending that says how it is compressed.
  public static func uncompressedPath(_ path: String) -> String { split(path).path }

  private static func split(_ path: String) -> (path: String, compression: Compression?) {
    let bytes = path.utf8
    guard let dot = bytes.lastIndex(of: UInt8(ascii: ".")) else { return (path, nil) }
    let ending = path[bytes.index(after: dot)...].lowercased()
    guard let kind = allCases.first(where: { $0.endings.contains(ending) }) else { return (path, nil) }
    return (String(path[..<dot]), kind)
  }

  /// The ending of file names.
  public var ending: String { endings[0] }

  /// What takes its members apart.
  func makeDecompressor() -> any Decompressor {
    switch self {
    case .gzip: GzipDecompressor()
    case .zstd: ZstdDecompressor()
    case .lz4: LZ4Decompressor()
    case .bzip2: Bzip2Decompressor()
    case .xz: XZDecompressor()
    }
  }

  /// A member that holds the bytes; throws `out-of-memory`.
  public func member(of bytes: [UInt8]) throws(Diagnostic) -> [UInt8] {
    // The error goes around the closure: Swift 6.3.1 can't compile a typed error that passes through `withUnsafeBytes`.
    try bytes.withUnsafeBytes { bytes in Result { () throws(Diagnostic) in try member(of: bytes) } }.get()
  }

  /// A member that holds the bytes; throws `out-of-memory`.
  public func member(of bytes: UnsafeRawBufferPointer) throws(Diagnostic) -> [UInt8] {
    do throws(CodecFailure) {
      switch self {
      case .gzip: return try gzipMember(of: bytes)
      case .zstd: return try zstdMember(of: bytes)
      case .lz4: return try lz4Member(of: bytes)
      case .bzip2: return try bzip2Member(of: bytes)
      case .xz: return try xzMember(of: bytes)
      }
    } catch { throw Diagnostic(.outOfMemory, "\(name) can't compress: \(error.reason)") }
  }
}
