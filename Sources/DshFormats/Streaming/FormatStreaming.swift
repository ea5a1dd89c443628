// How rows of a format pass through a pipe: whoever reads gets rows as they come, and nobody knows how many there will be.
import DshColumns
import DshDiagnostics

/// The side of a format that another program talks to.
public protocol FormatStreaming: Sendable {
  /// What stands before the rows.
  func header(_ schema: Schema) -> [UInt8]
  /// Rows as bytes; those of several batches follow one another.
  func encode(_ batch: Batch) -> [UInt8]
  /// What stands behind the rows.
  func footer(_ schema: Schema) -> [UInt8]

  /// Makes rows of bytes.
  ///
  /// - Parameter isGiven: whether a person has said what the columns are, instead of a look at a sample.
  func makeDecoder(_ schema: Schema, isGiven: Bool) -> any RowDecoder
  /// The columns of a sample; one that has values of the type that a column of its name has in `input` keeps that type.
  ///
  /// - Parameter isWhole: whether nothing follows the sample.
  /// - Returns: nil if there is nothing that would tell.
  func schema(of sample: [UInt8], isWhole: Bool, like input: Schema) throws(StreamMistake) -> Schema?
}

/// Makes rows of bytes that come piece by piece; one thread uses it.
public protocol RowDecoder: AnyObject {
  /// The rows that are whole after some more bytes.
  ///
  /// - Parameter isEnd: whether nothing follows.
  func decode(_ bytes: [UInt8], isEnd: Bool) throws(StreamMistake) -> Batch
  /// Whether the stream has said itself that nothing follows; false for formats that can't.
  var isAtEnd: Bool { get }
}

extension RowDecoder {
  public var isAtEnd: Bool { false }
}

/// Something in a stream that is not what it should be.
public struct StreamMistake: Error, Hashable, Sendable {
  /// Where it is: `line 3`.
  public var place: String
  public var column: String?
  /// What is wrong there, with the value.
  public var problem: String
  /// The type that the column would have to have, where another one would do.
  public var fittingType: DataType?

  public init(_ place: String, column: String? = nil, _ problem: String, fittingType: DataType? = nil) {
    self.place = place
    self.column = column
    self.problem = problem
    self.fittingType = fittingType
  }

  /// The whole of it in one line.
  public var text: String { "\(place)\(column.map { ", column \($0)" } ?? ""): \(problem)" }
}

/// The longest record of a stream: beyond it a lost line end is likelier than a value.
let streamRecordLimitBytes = 64 << 20

/// The beginning of a text for a message, in one line.
func streamExcerpt(_ bytes: some Collection<UInt8>) -> String {
  let shownBytes = 80
  let shown = bytes.prefix(shownBytes).map { $0 < 0x20 || $0 == 0x7F ? 0x20 : $0 }
  return String(decoding: shown, as: UTF8.self) + (bytes.count > shownBytes ? "…" : "")
}
