// Every operator that a task may be made of; an operator is its own file and a line here.

import DshColumns

/// The operators by name, for reading tasks.
public enum OperatorRegistry {
  static let sources: [String: @Sendable (inout ByteReader) throws -> any SourceSpec] = table([
    ReadSplit.self, ReadFiles.self, NumberRange.self, LiteralRows.self, BlockRows.self, FinalAggregate.self, MergeRuns.self, CopyBlock.self,
    FinalDistinct.self, BuildHashTable.self, ComputeWindows.self, ConcatenateRows.self, PulledPartitions.self, ZipRows.self,
    BuildSortedTable.self,
  ])

  static let steps: [String: @Sendable (inout ByteReader) throws -> any StepSpec] = table([
    Filter.self, Project.self, ProbeHashTable.self, NumberRows.self, AddRandomKeys.self, SampleRows.self, FlatMap.self, FillDown.self,
    MeltColumns.self, FirstOfEach.self, RunProgram.self, ProbeSortedTable.self,
  ])

  static let sinks: [String: @Sendable (inout ByteReader) throws -> any SinkSpec] = table([
    MakeBlock.self, PartialAggregate.self, SortRun.self, TopRows.self, EncodeText.self, SelectRows.self, KeepEnds.self, CountRows.self,
    PartialDistinct.self, PartitionRows.self, LastValues.self, TopRun.self,
  ])

  private static func table(_ types: [any SourceSpec.Type]) -> [String: @Sendable (inout ByteReader) throws -> any SourceSpec] {
    Dictionary(uniqueKeysWithValues: types.map { type in (type.name, { @Sendable in try type.init(from: &$0) }) })
  }

  private static func table(_ types: [any StepSpec.Type]) -> [String: @Sendable (inout ByteReader) throws -> any StepSpec] {
    Dictionary(uniqueKeysWithValues: types.map { type in (type.name, { @Sendable in try type.init(from: &$0) }) })
  }

  private static func table(_ types: [any SinkSpec.Type]) -> [String: @Sendable (inout ByteReader) throws -> any SinkSpec] {
    Dictionary(uniqueKeysWithValues: types.map { type in (type.name, { @Sendable in try type.init(from: &$0) }) })
  }
}
