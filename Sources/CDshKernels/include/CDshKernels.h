// The vector loops of dsh: one header for each family.
#include "csv_cells.h"
#include "csv_structure.h"
