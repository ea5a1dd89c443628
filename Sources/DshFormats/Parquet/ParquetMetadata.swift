// What the footer of a Parquet file says: its schema, its row groups, and where their columns lie (Apache Parquet format, `parquet.thrift`).

/// How the values of a leaf are kept.
enum ParquetPhysicalType: Int {
  case boolean = 0
  case int32
  case int64
  case int96
  case float
  case double
  case byteArray
  case fixedBytes

  /// The bytes of a value; nil where it depends.
  var widthBytes: Int? {
    switch self {
    case .int32, .float: 4
    case .int64, .double: 8
    case .int96: 12
    case .boolean, .byteArray, .fixedBytes: nil
    }
  }
}

enum ParquetEncoding: Int {
  case plain = 0
  case plainDictionary = 2
  case runLength = 3
  case bitPacked = 4
  case deltaBinaryPacked = 5
  case deltaLengthByteArray = 6
  case deltaByteArray = 7
  case runLengthDictionary = 8
  case byteStreamSplit = 9
}

enum ParquetRepetition: Int {
  case required = 0
  case optional
  case repeated
}

/// What values mean; the older converted types are given as what they stand for.
enum ParquetLogicalType: Hashable {
  enum Unit: Int {
    case milliseconds = 1
    case microseconds
    case nanoseconds
  }

  case string
  case map
  case list
  case enumeration
  case decimal(precision: Int, scale: Int)
  case date
  case time(Unit, isUTC: Bool)
  case timestamp(Unit, isUTC: Bool)
  case integer(bits: Int, isSigned: Bool)
  case unknown
  case json
  case bson
  case uuid
  case float16
  case interval
  /// One that came later.
  case other
}

/// A node of the schema, as the footer lists them depth first.
struct ParquetSchemaElement {
  var name = ""
  var type: ParquetPhysicalType?
  /// Bytes of a value of fixed length.
  var lengthBytes = 0
  var repetition = ParquetRepetition.required
  var childCount = 0
  var logicalType: ParquetLogicalType?
}

/// What a writer noted of the values of a chunk or page.
struct ParquetStatistics {
  var nullCount: Int?
  /// The fields that came with the order of the column's type.
  var least: [UInt8]?
  var greatest: [UInt8]?
  var leastIsExact = true
  var greatestIsExact = true
  /// The fields before: bytes in the order of signed bytes, whatever the type.
  var legacyLeast: [UInt8]?
  var legacyGreatest: [UInt8]?
}

/// One column of a row group.
struct ParquetColumnChunk {
  var type = ParquetPhysicalType.int32
  var encodings: [Int] = []
  var codec = 0
  var valueCount = 0
  /// With the headers of the pages.
  var uncompressedBytes = 0
  var compressedBytes = 0
  var dataPageOffset = 0
  var dictionaryPageOffset: Int?
  var statistics: ParquetStatistics?
  var bloomFilterOffset: Int?
  var bloomFilterBytes: Int?
  var offsetIndexOffset: Int?
  var offsetIndexBytes: Int?
  var columnIndexOffset: Int?
  var columnIndexBytes: Int?
  var isEncrypted = false
  var isElsewhere = false
  /// The names from the root to the leaf; only written.
  var path: [String] = []

  /// Where its bytes begin. Some writers give 0 for a dictionary that is not there.
  var start: Int {
    if let dictionaryPageOffset, dictionaryPageOffset > 0 { return min(dictionaryPageOffset, dataPageOffset) }
    return dataPageOffset
  }
}

struct ParquetSortingColumn: Hashable {
  /// The number of the leaf.
  var leaf: Int
  var isDescending: Bool
  var nullsFirst: Bool
}

struct ParquetRowGroup {
  var columns: [ParquetColumnChunk] = []
  var totalBytes = 0
  var rowCount = 0
  var sortingColumns: [ParquetSortingColumn] = []

  /// The bytes of its columns as they lie in the file.
  var compressedBytes: Int { columns.reduce(0) { $0.addingReportingOverflow($1.compressedBytes).partialValue } }
}

/// The footer as it stands in the file.
struct ParquetMetadata {
  var schema: [ParquetSchemaElement] = []
  var rowCount = 0
  var rowGroups: [ParquetRowGroup] = []
  /// What a writer with Arrow's types noted of them; see `ParquetArrowSchema`.
  var arrowSchema: [UInt8]?
  var createdBy: String?
  /// Whether least and greatest values of a leaf are in the order of its type; by number of the leaf.
  var hasTypeOrder: [Bool] = []
  var isEncrypted = false

  /// A file has at most so many nodes in its schema, and columns of row groups: what is kept in memory of each is more than it takes in the file.
  static let nodeLimit = 1 << 16
  static let chunkLimit = 1 << 20
  /// Writers note a handful of things besides.
  static let noteLimit = 1 << 16
}
