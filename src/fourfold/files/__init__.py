"""Files: what colleagues keep about people and organisations, safely."""
