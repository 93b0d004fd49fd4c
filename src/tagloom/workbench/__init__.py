"""The web platform: label, divide, train, judge, deploy and try, without code."""
