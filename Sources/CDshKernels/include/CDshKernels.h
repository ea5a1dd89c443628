// All kernels; each header is one family.
#include "vector_aggregate.h"
#include "vector_compare.h"
#include "vector_group.h"
#include "vector_math.h"
#include "vector_number.h"
#include "vector_text.h"
