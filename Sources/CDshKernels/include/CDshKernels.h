// The vector loops of dsh: one header for each family.
#include "csv_cells.h"
#include "csv_structure.h"
#include "vector_aggregate.h"
#include "vector_compare.h"
#include "vector_group.h"
#include "vector_math.h"
#include "vector_number.h"
#include "vector_text.h"
