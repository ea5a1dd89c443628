// Keeps the footers of files that were read last: every split of a file needs the whole of it.
import DshColumns
import DshSystem
import Synchronization

/// The footers that this process read last, by the state of the file.
enum ParquetFooterCache {
  /// The bytes of all footers that are kept, as they stand in files: those of two thousand row groups of sixteen columns. In memory they take some times as many.
  private static let limitBytes = 4 << 20

  /// Those read last come last.
  private static let footers = Mutex<[(identity: FileIdentity, read: Schema, footer: ParquetFooter)]>([])

  /// The footer of a file that is known to be in the state that it was named in.
  ///
  /// - Parameter read: the types that the `read` settled on, which decide how its own are refined.
  static func footer(of source: ByteSource, read: Schema) throws -> ParquetFooter {
    if let known = footers.withLock({ $0.last { $0.identity == source.identity && $0.read == read }?.footer }) { return known }
    let footer = try ParquetFooter(source, read: read)
    footers.withLock { footers in
      footers.removeAll { $0.identity == source.identity }
      footers.append((source.identity, read, footer))
      var bytes = footers.reduce(0) { $0 + $1.footer.byteCount }
      while bytes > limitBytes { bytes -= footers.removeFirst().footer.byteCount }
    }
    return footer
  }
}
